# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The code blocks of a Markdown document."""

import dataclasses
import re


@dataclasses.dataclass
class Block:
    document: str
    line: int  # of its first line
    language: str  # after the fence; empty for indented blocks
    text: str

    def __str__(self):
        return f'{self.document}:{self.line}'

    def commands(self):
        """One by one; a line that ends in a backslash continues."""
        joined = re.sub(r'\\\n\s*', '', self.text)
        return [line.strip() for line in joined.splitlines() if line.strip()]


def blocks(document, text):
    found = []
    fence = None  # of the block we are in
    indented = None
    blank_before = True
    for number, line in enumerate(text.splitlines(), 1):
        opening = re.match(r'(\s*)(```+|~~~+)\s*(\S*)', line)
        if fence:
            if line.strip() == fence:
                fence = None
            else:
                found[-1].text += line.removeprefix(margin) + '\n'
        elif opening:
            margin, fence, language = opening.groups()
            found.append(Block(document, number + 1, language, ''))
            indented = None
        elif re.match(r'    \S', line) and (blank_before or indented):
            if not indented:
                indented = Block(document, number, '', '')
                found.append(indented)
            indented.text += line.removeprefix('    ') + '\n'
        elif indented and line.startswith('     '):
            indented.text += line.removeprefix('    ') + '\n'
        elif line.strip():
            indented = None
        blank_before = not line.strip()
    return found

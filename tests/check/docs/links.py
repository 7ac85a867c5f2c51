#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks the links of all Markdown documents.

  links.py SOURCES

Every relative link leads to a file and, after "#", to a heading of it, and every
document in docs/ can be reached from README.md by links.
"""

import os
import re
import sys
from pathlib import Path


def anchor(heading):
    """The name that GitHub and GitLab give a heading."""
    text = re.sub(r'\[([^]]*)\]\([^)]*\)', r'\1', heading)
    return re.sub(r'[^\w\- ]', '', text.lower()).replace(' ', '-')


def documents(sources):
    for folder, folders, names in os.walk(sources):
        folders[:] = [name for name in folders
                      if not name.startswith(('.', 'build'))]
        yield from (Path(folder, name) for name in names
                    if name.endswith('.md'))


def main():
    sources = Path(sys.argv[1]).resolve()
    texts = {path: re.sub(r'^```.*?^```', '', path.read_text(),
                          flags=re.MULTILINE | re.DOTALL)
             for path in documents(sources)}
    anchors = {path: {anchor(heading) for heading
                      in re.findall(r'^#+ (.*)', text, re.MULTILINE)}
               for path, text in texts.items()}
    faults = []
    linked = {}
    for path, text in texts.items():
        linked[path] = set()
        for link in re.findall(r'\]\(([^)\s]+)\)', text):
            if re.match(r'[a-z]+:', link):
                continue
            name, _, heading = link.partition('#')
            target = (path.parent / name).resolve() if name else path
            linked[path].add(target)
            if not target.exists():
                faults.append(f'{path}: no such file: {link}')
            elif heading and heading not in anchors.get(target, ()):
                faults.append(f'{path}: no such heading: {link}')

    reached, todo = set(), {sources / 'README.md'}
    while todo:
        path = todo.pop()
        reached.add(path)
        todo |= linked.get(path, set()) - reached
    faults += [f'{path}: README.md does not lead here' for path in texts
               if path.parent == sources / 'docs' and path not in reached]

    print(*faults or [f'{len(texts)} documents, all links lead somewhere'],
          sep='\n')
    return bool(faults) or len(texts) < 2


sys.exit(main())

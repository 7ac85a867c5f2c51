#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the code blocks of README.md and docs/ as they are written.

  run.py install SOURCES            in a fresh clone, in README's order
  run.py pipelines SOURCES BUILD    with the plugin of a build directory

Every block is run, or listed in rules.py with the reason why not, in the
namespaces of sandbox.py.
"""

import contextlib
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import rules
from blocks import blocks
from network_camera import NetworkCamera
from sandbox import (PATIENCE, Failure, Process, enter_namespaces, environment,
                     set_up_network, sh, skip)
from traffic import Listener


def complained(process):
    """Errors and warnings of gst-launch-1.0, which may still exit with 0."""
    return [line for line in process.output_in_play().splitlines()
            if re.match(r'(WARNING|ERROR|\(gst-launch-1.0:.*(CRITICAL|WARNING))',
                        line) and not rules.is_meant(process.command, line)]


def run_script(command, directory, env, seconds=1800):
    process = Process(command, directory, env)
    status = process.wait(seconds)
    process.stop()
    if status != 0:
        raise Failure(f'status {status}:\n{process.output()}')
    return process.output()


def run_sender(command, directory, env):
    """Frames must arrive at every destination named."""
    sinks = re.findall(r'(?<!send_rtcp_src ! )(?<!fec_\d ! )'
                       r'\budp(?:gso)?sink((?: \S+=\S+)*)', command)
    destinations = [
        (words.get('host', '127.0.0.1'), int(words.get('port', 5004)))
        for words in (dict(re.findall(r'(?<!\S)(host|port)=(\S+)', sink))
                      for sink in sinks)]
    with Listener(destinations) as listener:
        process = Process(command, directory, env)
        arrived = listener.wait_frames(5, PATIENCE)
        status = process.wait(0)
        process.stop()
    if status is not None:
        raise Failure(f'it ended with {status}:\n{process.output()}')
    if not arrived:
        raise Failure(f'{listener}\n{process.output()}')
    if complained(process):
        raise Failure(process.output())


def run_receiver(command, directory, env, sender):
    """Frames must be shown or recorded while the document's own sender runs."""
    sending = Process(sender, directory, env)
    if 'rtsp://' in command:
        sending.wait_output('rtsp://', PATIENCE)
    receiving = Process(command, directory, env)
    played = receiving.played(PATIENCE)
    _, status = receiving.stop()
    sending.stop()
    if not played:
        raise Failure(f'status {status}:\n{receiving.output()}\n'
                      f'the sender:\n{sending.output()}')
    if complained(receiving):
        raise Failure(receiving.output())


def run_for_a_while(command, directory, env):
    """Runs a command, which must succeed or run for some seconds without errors."""
    process = Process(command, directory, env)
    status = process.wait(5)
    process.stop()
    if status not in (None, 0) or complained(process):
        raise Failure(process.output())


def documents(sources):
    """All blocks."""
    for path in ['README.md', 'SECURITY.md',
                 *sorted(glob.glob('docs/*.md', root_dir=sources))]:
        with open(os.path.join(sources, path), encoding='utf-8') as text:
            yield from blocks(path, text.read())


class Report:
    def __init__(self):
        self._failed = 0

    def run(self, block, what, action):
        try:
            action()
        except Failure as failure:
            self._failed += 1
            print(f'{block}: FAILED: {what}\n{failure}', flush=True)
        else:
            print(f'{block}: {what}', flush=True)

    def left_out(self, block, what, why):
        print(f'{block}: not run: {what} ({why})', flush=True)

    def status(self):
        print(f'{self._failed} failed')
        return 1 if self._failed else 0


def pipelines(sources, build):
    set_up_network()
    report = Report()
    with tempfile.TemporaryDirectory(prefix='readme-') as directory:
        env = environment(directory, GST_PLUGIN_PATH=f'{build}/gst')
        env['PATH'] += f':{build}/rtsp-camera'
        for command in rules.FILES:
            run_script(command, directory, env)
        with open(os.path.join(directory, 'in.jpg'), 'rb') as jpeg:
            NetworkCamera(jpeg.read(), ('192.0.2.9', 80), framerate=30)
        for block in documents(sources):
            if rules.is_output(block):
                report.left_out(block, 'output', 'shows what is printed')
                continue
            if rules.is_installation(block):
                report.left_out(block, 'installation', 'run by install')
                continue
            if name := rules.file_name(block):
                with open(os.path.join(directory, name), 'w',
                          encoding='utf-8') as file:
                    file.write(block.text)
                continue
            for command in block.commands():
                if why := rules.why_not_run(command):
                    report.left_out(block, command, why)
                    continue
                run = rules.runnable(command)
                how = {'send': run_sender, 'receive': run_receiver,
                       'while': run_for_a_while}.get(rules.kind(command))
                if how is None:
                    report.run(block, command, lambda: (_ for _ in ()).throw(
                        Failure('rules.py does not know how to run this')))
                    continue
                more = [rules.sender(command)] if how is run_receiver else []
                report.run(block, command,
                           lambda: how(run, directory, env, *more))
    return report.status()


def clone(sources, directory):
    """Clones the sources, or copies them if they came in a tarball."""
    if os.path.exists(os.path.join(sources, '.git')):
        sh('git', '-c', 'safe.directory=*', 'clone', '--quiet', '--no-hardlinks',
           sources, directory)
    else:
        shutil.copytree(sources, directory, ignore=lambda _, names: [
            name for name in names if name.startswith('build')])


@contextlib.contextmanager
def usr_in_memory(directory):
    """Makes what is installed to /usr disappear afterwards."""
    above = os.path.join(directory, 'usr')
    os.mkdir(above)
    sh('mount', '-t', 'tmpfs', 'usr', above)
    os.mkdir(f'{above}/upper')
    os.mkdir(f'{above}/work')
    if subprocess.run(['mount', '-t', 'overlay', 'usr', '-o',
                       f'lowerdir=/usr,upperdir={above}/upper,'
                       f'workdir={above}/work', '/usr'],
                      check=False).returncode != 0:
        sh('umount', above)
        skip('no overlay file system to install to')
    try:
        yield
    finally:
        sh('umount', '--lazy', '/usr')
        sh('umount', '--lazy', above)


def install(sources):
    set_up_network()
    with tempfile.TemporaryDirectory(prefix='readme-') as directory, \
            usr_in_memory(directory):
        here = os.path.join(directory, 'clone')
        clone(sources, here)
        env = environment(directory, PACKAGES=os.path.join(here, 'tools/packages'))
        with open(os.path.join(here, 'README.md'), encoding='utf-8') as text:
            readme = blocks('README.md', text.read())
        report = Report()
        for block in filter(rules.is_installation, readme):
            if 'tools/test' not in block.text:
                report.run(block, block.text, lambda: rules.check_installation(
                    run_script(block.text, here, env)))
                continue
            for command in block.commands():
                command = command.split('#')[0].strip()
                if command == 'tools/test':
                    report.left_out(block, command, 'runs this test')
                else:
                    report.run(block, command, lambda: rules.check_demo(
                        Process(command, here, env)))
        return report.status()


def main():
    enter_namespaces('git', 'gst-launch-1.0', 'ffmpeg', 'vlc')
    part, *paths = sys.argv[1:]
    return {'install': install, 'pipelines': pipelines}[part](
        *map(os.path.abspath, paths))


if __name__ == '__main__':
    sys.exit(main())

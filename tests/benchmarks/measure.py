# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs programs and measures their cost."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time


class Skip(Exception):
    """Something can't be measured here; the text says why."""


class Programs:
    """The benchmark programs and plugin of a build directory."""

    def __init__(self, build):
        self.folder = os.path.join(build, 'tests', 'benchmarks')
        self.environment = {
            **os.environ,
            'GST_PLUGIN_PATH_1_0': os.path.join(build, 'gst'),
            'GST_REGISTRY_1_0': os.path.join(self.folder, 'registry.bin'),
        }
        self.element_texts = {}

    def __getitem__(self, name):
        return os.path.join(self.folder, name)

    def element_text(self, element):
        """The output of gst-inspect-1.0, empty if there is no such element."""
        if element not in self.element_texts:
            self.element_texts[element] = subprocess.run(
                ['gst-inspect-1.0', element], env=self.environment,
                stdin=subprocess.DEVNULL, capture_output=True,
                text=True).stdout
        return self.element_texts[element]

    def has_element(self, element):
        return bool(self.element_text(element))

    def has_property(self, element, name):
        return bool(re.search(rf'^  {name} +:', self.element_text(element),
                              re.MULTILINE))

    def run_json(self, command, prefix=(), **environment):
        """The output of a program, which is JSON."""
        result = subprocess.run(
            [*prefix, *command], env={**self.environment, **environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        if result.returncode != 0:
            raise RuntimeError(f'{" ".join(command)}: {result.returncode}')
        return json.loads(result.stdout)

    def instructions(self, command, function='measured_push'):
        """The number that callgrind counts within this function."""
        if not shutil.which('valgrind'):
            raise Skip('valgrind is not installed')
        result = subprocess.run(
            ['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null',
             f'--toggle-collect={function}', *command],
            env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        found = re.search(r'Collected : (\d+)', result.stderr)
        if result.returncode != 0 or not found:
            raise RuntimeError(result.stderr)
        return int(found[1])


class Process:
    """A running program, and its cost when it has ended."""

    def __init__(self, command, environment):
        self.command = command
        self.log = tempfile.TemporaryFile()
        self.start = time.monotonic()
        self.child = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=subprocess.STDOUT)
        self.peak_rss_mb = 0.0
        self.done = threading.Event()
        self.watcher = threading.Thread(target=self.watch_memory)
        self.watcher.start()

    def watch_memory(self):
        # The ru_maxrss from wait4() is useless: it starts with what this Python
        # process held when it forked.
        path = f'/proc/{self.child.pid}/status'
        while not self.done.wait(0.1):
            with contextlib.suppress(OSError), open(path) as status:
                peak = re.search(r'VmHWM:\s+(\d+) kB', status.read())
                if peak:
                    self.peak_rss_mb = int(peak[1]) / 1000

    def finish(self):
        """Waits; user and system time in seconds."""
        _, status, usage = os.wait4(self.child.pid, 0)
        self.child.returncode = os.waitstatus_to_exitcode(status)
        self.seconds = time.monotonic() - self.start
        self.done.set()
        self.watcher.join()
        self.cpu = usage.ru_utime + usage.ru_stime
        self.log.seek(0)
        text = self.log.read().decode(errors='replace')
        self.log.close()
        if self.child.returncode != 0:
            raise RuntimeError(f'{" ".join(self.command)}: {text}')
        return self.cpu


@contextlib.contextmanager
def unread_sockets(count):
    """The ports of sockets that are bound and never read."""
    with contextlib.ExitStack() as stack:
        ports = []
        for _ in range(count):
            receiver = stack.enter_context(
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            receiver.bind(('127.0.0.1', 0))
            ports.append(receiver.getsockname()[1])
        yield ports


@contextlib.contextmanager
def no_receiver():
    """A port that nobody is bound to."""
    with unread_sockets(1) as ports:
        pass
    yield ports[0]


class VethPair:
    """Two network namespaces with a cable between them. In the second, a
    socket is bound and never read."""

    sender = '10.0.0.1'
    receiver = '10.0.0.2'
    port = 5004

    def __enter__(self):
        if os.geteuid() != 0 or not shutil.which('ip'):
            raise Skip('network namespaces need root and ip (iproute2)')
        name = f'bench{os.getpid()}'
        self.names = [f'{name}a', f'{name}b']
        self.process = None
        try:
            self.set_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def set_up(self):
        first, second = self.names
        for name in self.names:
            self.ip('netns', 'add', name)
            self.ip('-n', name, 'link', 'set', 'lo', 'up')
        self.ip('-n', first, 'link', 'add', 'cable', 'type', 'veth', 'peer',
                'name', 'cable', 'netns', second)
        for name, address in zip(self.names, (self.sender, self.receiver)):
            self.ip('-n', name, 'address', 'add', f'{address}/24', 'dev',
                    'cable')
            self.ip('-n', name, 'link', 'set', 'cable', 'up')
        bound = ('import socket, sys\n'
                 'unread = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n'
                 f'unread.bind(("{self.receiver}", {self.port}))\n'
                 'print(flush=True)\n'
                 'sys.stdin.read()')
        self.process = subprocess.Popen(
            ['ip', 'netns', 'exec', second, 'python3', '-c', bound],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdout.readline()

    def __exit__(self, *_):
        if self.process:
            self.process.communicate()
        for name in self.names:
            subprocess.run(['ip', 'netns', 'delete', name],
                           stderr=subprocess.DEVNULL)

    @property
    def prefix(self):
        """The beginning of a command that runs at the sender."""
        return ['ip', 'netns', 'exec', self.names[0]]

    @staticmethod
    def ip(*arguments):
        result = subprocess.run(['ip', *arguments], capture_output=True,
                                text=True)
        if result.returncode != 0:
            raise Skip(f'ip {" ".join(arguments)}: {result.stderr.strip()}')

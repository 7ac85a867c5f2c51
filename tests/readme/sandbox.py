# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Separate namespaces for a test, and processes in them.

This machine has the addresses of the documents there, nothing is left running, and
the programs in stand-ins/ replace what a test machine lacks: cameras, screens and
sudo.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ADDRESSES = ['192.0.2.1', '192.0.2.7', '192.0.2.8', '192.0.2.9']
# On a busy machine, GStreamer alone is slow to start.
PATIENCE = 60


def skip(why):
    print(f'SKIP: {why}')
    sys.exit(77)


def sh(*command, **options):
    subprocess.run(command, check=True, **options)


def enter_namespaces(*tools):
    """Restarts this program in its own namespaces; skips if that is not possible
    or one of the tools is missing."""
    if 'SANDBOX' in os.environ:
        return
    for tool in ['unshare', 'ip', *tools]:
        if not shutil.which(tool):
            skip(f'{tool} is not installed')
    unshare = ['unshare', '--mount', '--net', '--pid', '--fork',
               '--kill-child', '--mount-proc']
    if os.geteuid() != 0:
        unshare.append('--map-root-user')
    if subprocess.run(unshare + ['true'], stderr=subprocess.DEVNULL,
                      check=False).returncode != 0:
        skip('no namespaces for this user')
    os.execvp(unshare[0], unshare + [
        'env', 'SANDBOX=entered', sys.executable, *sys.argv])


def set_up_network():
    sh('ip', 'link', 'set', 'lo', 'up')
    for address in ADDRESSES:
        sh('ip', 'address', 'add', f'{address}/32', 'dev', 'lo')
    sh('ip', 'route', 'add', '224.0.0.0/4', 'dev', 'lo')


def environment(directory, **more):
    """Contains nothing of the user's except what makes compiling faster."""
    home = os.path.join(directory, 'home')
    os.makedirs(home, exist_ok=True)
    kept = {name: value for name, value in os.environ.items()
            if name.startswith('CCACHE_')}
    if ccache := shutil.which('ccache'):
        # The user's cache, in which this directory's name doesn't count
        kept['CCACHE_DIR'] = subprocess.run(
            [ccache, '--get-config=cache_dir'], check=True, text=True,
            stdout=subprocess.PIPE).stdout.strip()
        kept['CCACHE_BASEDIR'] = directory
        kept['CCACHE_NOHASHDIR'] = '1'
    path = f'{HERE}/stand-ins:{os.environ["PATH"]}'
    # libpulse leaves its directory in /tmp without XDG_RUNTIME_DIR.
    return {'PATH': path, 'HOME': home, 'XDG_RUNTIME_DIR': home,
            'LANG': 'C.UTF-8', **kept, **more}


class Process:
    """A command of a document, run by the shell, with its output in a file."""

    def __init__(self, command, directory, env):
        self.command = command
        self._output = tempfile.TemporaryFile('w+', errors='replace')
        self._process = subprocess.Popen(
            ['bash', '-euo', 'pipefail', '-c', command], cwd=directory, env=env,
            stdin=subprocess.DEVNULL, stdout=self._output,
            stderr=subprocess.STDOUT, start_new_session=True)
        self.pid = self._process.pid

    def wait(self, seconds):
        """The exit status, or None if it is still running."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def played(self, seconds):
        """Whether a player ends by itself, having shown everything."""
        status = self.wait(seconds)
        output = self.output_in_play()
        return status == 0 or (status == 1 and 'ERROR' not in output and
                               output != self.output())

    def output_in_play(self):
        """The output but for what gst-launch-1.0 prints about rtspsrc after EOS:
        on its way to NULL, rtspsrc may interrupt its own PAUSE, which is an error
        and makes the exit status 1."""
        output = self.output()
        return output.partition('Got EOS from element')[0] \
            if 'rtspsrc' in self.command else output

    def wait_output(self, text, seconds):
        """Whether it prints this before it ends."""
        return self.wait_match(re.escape(text), seconds)

    def wait_match(self, pattern, seconds):
        """Whether it prints something that matches, before it ends."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ended = self.wait(0.1) is not None
            if re.search(pattern, self.output(), re.MULTILINE):
                return True
            if ended:
                break
        return False

    def stop(self):
        """Stops it like Ctrl-C; returns the output and the exit status."""
        try:
            os.killpg(self._process.pid, signal.SIGINT)
            if self.wait(20) is None:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        except ProcessLookupError:
            pass
        return self.output(), self._process.wait()

    def output(self):
        # Reopened, so that reading does not move the position at which the
        # program writes.
        with open(f'/proc/self/fd/{self._output.fileno()}',
                  errors='replace') as file:
            return file.read()


class Failure(Exception):
    pass

#!/bin/sh
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs in the guest: loads the drivers and runs the cases without udevd; then, if
# it is installed, those that involve it once more with it.
#   guest-cases.sh PROGRAM PICTURES
set -eu
[ -n "$GST_CHECKS" ] || unset GST_CHECKS
PATH=$PATH:/usr/sbin:/sbin
modprobe -d "$KERNEL_MODULES" vhci-hcd
# By default, the driver drops corrupted frames.
modprobe -d "$KERNEL_MODULES" uvcvideo nodrop=1

# If the guest is slow, all time limits are longer.
export CK_TIMEOUT_MULTIPLIER="$GUEST_SLOWNESS"
# Prints a line when a case has ended, to show progress.
export CK_TAP_LOG_FILE_NAME=-

status=0
"$1" "$2" || status=$?
[ $status = 0 ] || dmesg | tail -n 15

for udevd in /lib/systemd/systemd-udevd /usr/lib/systemd/systemd-udevd; do
  if [ -x $udevd ]; then
    $udevd --daemon
    WITH_UDEV=yes "$1" "$2" || status=$?
    exit $status
  fi
done
echo "udevd is not installed: the links in /dev/v4l were not tested"
exit $status

#!/bin/sh
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
# In the guest: loads the drivers and runs the cases, with udevd where this
# system has it, and what must also work without it once more without.
#   guest-cases.sh PROGRAM PICTURES
set -eu
[ -n "$GST_CHECKS" ] || unset GST_CHECKS
PATH=$PATH:/usr/sbin:/sbin
modprobe -d "$KERNEL_MODULES" vhci-hcd
# By default the driver keeps corrupted frames to itself.
modprobe -d "$KERNEL_MODULES" uvcvideo nodrop=1

# Where the guest is slow, all limits are longer.
export CK_TIMEOUT_MULTIPLIER="$GUEST_SLOWNESS"
# A line for each case when it is over, so that progress is seen.
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
echo "udevd is not installed: the links below /dev/v4l were not tried"
exit $status

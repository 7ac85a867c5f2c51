#!/bin/busybox sh
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
# The guest's first process: mounts the host's file system read-only, runs the
# command in the shared folder and powers off. The kernel command line names the
# build folder (build=) and the shared folder (share=).
/bin/busybox --install -s /bin
mount -t proc proc /proc
for module in $(cat /modules.order); do
  insmod "/modules/$module"
done
for word in $(cat /proc/cmdline); do
  case $word in build=* | share=*) eval "$word" ;; esac
done

options=trans=virtio,version=9p2000.L,msize=262144
mkdir /host
mount -t 9p -o "$options,ro,cache=loose" host /host
mount -t sysfs sys /host/sys
mount -t proc proc /host/proc
mount -t devtmpfs dev /host/dev
mkdir -p /host/dev/pts /host/dev/shm
mount -t devpts pts /host/dev/pts
for place in /tmp /run /dev/shm; do
  mount -t tmpfs tmp "/host$place"
done
# If the build folder is in /tmp, the tmpfs hides it.
if [ ! -d "/host$build" ]; then
  mkdir -p "/host$build"
  mount -t 9p -o "$options,ro,cache=loose" build "/host$build"
fi
mount -t 9p -o "$options" share "/host$share"
ip link set lo up

# run-guest.sh derives its time limits from how long the guest took to boot.
cut -d " " -f 1 /proc/uptime >"/host$share/booted"

chroot /host /bin/sh "$share/command" >"/host$share/output" 2>&1
echo $? >"/host$share/status"
sync
poweroff -f

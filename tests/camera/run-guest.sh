#!/bin/sh
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs a command in a QEMU guest that has Debian's kernel, with the drivers for
# virtual USB (vhci-hcd) and cameras, and this machine's own user land.
#   run-guest.sh BUILD_FOLDER COMMAND...
# The command sees the file system as it is here, read-only, but for /tmp, /run
# and BUILD_FOLDER/tests/camera/guest, its working folder. KERNEL_MODULES there
# is what modprobe takes for --dirname; GUEST_SLOWNESS is how many times slower, in
# whole numbers, the guest came up than on two idle cores without KVM.
# Output is shown as it comes. A guest that is silent for GUEST_PATIENCE seconds
# (default 150) times its slowness is ended.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
shift
share=$build/tests/camera/guest
patience=${GUEST_PATIENCE:-150}
usual_boot=10

skip() {
  echo "SKIP: $*"
  exit 77
}

for tool in qemu-system-x86_64 busybox depmod cpio gzip; do
  PATH=$PATH:/usr/sbin:/sbin command -v $tool >/dev/null ||
    skip "$tool is not installed"
done
PATH=$PATH:/usr/sbin:/sbin
busybox=$(command -v busybox)
case $(uname -m) in x86_64) ;; *) skip "the guest is an x86_64 one" ;; esac
# Started with nothing beside it in the initramfs, busybox must be static.
if ldd "$busybox" >/dev/null 2>&1; then
  skip "busybox is not the one of busybox-static"
fi

mkdir -p "$share"
cd "$share"

# The kernel is unpacked, not installed. It stays for the next run.
if [ ! -e kernel/ready ]; then
  command -v apt-get >/dev/null || skip "no apt-get to fetch a kernel with"
  package=$(apt-cache depends linux-image-amd64 2>/dev/null |
    sed -n 's/.*Depends: \(linux-image-[^ ]*\)$/\1/p' | head -n 1)
  [ -n "$package" ] ||
    skip "apt knows no linux-image-amd64; its lists come with apt-get update"
  rm -rf kernel
  mkdir kernel
  if ! (cd kernel && apt-get -qq download "$package") 2>kernel/log; then
    cat kernel/log
    skip "$package can't be fetched"
  fi
  dpkg -x kernel/*.deb kernel
  rm kernel/*.deb
  version=$(ls kernel/lib/modules)
  depmod -b "$share/kernel" "$version"
  echo "$version" >kernel/ready
fi
version=$(cat kernel/ready)
vmlinuz=kernel/boot/vmlinuz-$version

# Just what it takes to mount the host's file system.
rm -rf initramfs
mkdir -p initramfs/bin initramfs/proc initramfs/modules
cp "$busybox" initramfs/bin/busybox
cp "$here/guest-init.sh" initramfs/init
chmod +x initramfs/init
modprobe -d "$share/kernel" -S "$version" --show-depends virtio_pci >order
modprobe -d "$share/kernel" -S "$version" --show-depends 9pnet_virtio >>order
modprobe -d "$share/kernel" -S "$version" --show-depends 9p >>order
sed -n 's/^insmod \([^ ]*\).*/\1/p' order | awk '!seen[$0]++' |
  while read -r module; do
    cp "$module" initramfs/modules/
    basename "$module"
  done >initramfs/modules.order
rm order
(cd initramfs && find . | cpio -o -H newc 2>/dev/null | gzip -1) >initramfs.gz
rm -r initramfs

{
  echo "#!/bin/sh"
  echo "export HOME=/tmp KERNEL_MODULES='$share/kernel'"
  echo "GUEST_SLOWNESS=\$((\$(cut -d . -f 1 '$share/booted') / $usual_boot + 1))"
  echo "export GUEST_SLOWNESS"
  echo "cd '$share'"
  printf 'exec'
  for word; do
    printf " '%s'" "$word"
  done
  echo
} >command
rm -f status booted
: >output

kernel_line="console=ttyS0 quiet loglevel=4 panic=-1 mitigations=off nokaslr"
kernel_line="$kernel_line no_timer_check random.trust_cpu=on"
kernel_line="$kernel_line net.ifnames=0 build=$build share=$share"

# A /dev/kvm that is there need not work: a kernel without a root file system
# that runs into its panic shows that it does.
kvm_works() {
  [ -w /dev/kvm ] || return 1
  (timeout 15 qemu-system-x86_64 -accel kvm -cpu host -M q35 -m 256 \
    -nodefaults -no-user-config -display none -serial stdio -no-reboot \
    -kernel "$vmlinuz" -append "console=ttyS0 panic=-1" || true) \
    </dev/null >kvm 2>&1
  grep -q "Kernel panic" kvm
}
accelerator="-accel tcg,thread=multi -cpu max"
# On a busy machine the guest miscounts the emulated TSC's frequency when it boots,
# and its seconds have been a twelfth of one.
clock="clocksource=hpet tsc=unstable"
if kvm_works; then
  accelerator="-accel kvm -cpu host"
  clock="tsc=reliable"
fi
echo "guest: Linux $version, $accelerator"

# shellcheck disable=SC2086 # the accelerator is several words
qemu-system-x86_64 $accelerator -M q35 -smp 2 -m 2048 \
  -nodefaults -no-user-config -display none -serial stdio -no-reboot \
  -virtfs "local,id=host,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap" \
  -virtfs "local,id=build,path=$build,mount_tag=build,security_model=none,readonly=on,multidevs=remap" \
  -virtfs "local,id=share,path=$share,mount_tag=share,security_model=none,multidevs=remap" \
  -kernel "$vmlinuz" -initrd initramfs.gz -append "$kernel_line $clock" \
  </dev/null >console 2>&1 &
qemu=$!
# What fails in a trap is the status under set -e.
trap 'kill "$qemu" 2>/dev/null || true' EXIT
trap 'exit 1' INT TERM HUP
tail -f --pid="$qemu" output &
tail=$!

began=$(date +%s) heard=$began seen=0 slowness=1 ended=
while kill -0 "$qemu" 2>/dev/null; do
  sleep 1
  now=$(date +%s)
  if [ "$slowness" = 1 ] && [ -s booted ]; then
    slowness=$(($(cut -d . -f 1 booted) / usual_boot + 1))
  fi
  size=$(stat -c %s output)
  if [ "$size" != "$seen" ]; then
    seen=$size heard=$now
  elif [ $((now - heard)) -ge $((patience * slowness)) ]; then
    ended="nothing was heard of it for $((now - heard)) s"
    kill "$qemu"
    break
  fi
done
wait "$qemu" || ended=${ended:-"QEMU failed with status $?"}
wait "$tail" || true

if [ ! -s status ]; then
  echo "guest: ${ended:-it powered off before the command was over}; its console:"
  tail -n 40 console
  exit 1
fi
echo "guest: up after $(cat booted) s, done after $(($(date +%s) - began)) s"
exit "$(cat status)"

#!/bin/sh
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs a command in a QEMU guest with Debian's kernel, which has drivers for
# virtual USB (vhci-hcd) and cameras, and this machine's user space.
#   run-guest.sh BUILD_FOLDER COMMAND...
# The command sees this machine's file system, read-only except for /tmp, /run and
# BUILD_FOLDER/tests/camera/guest, its working folder. In its environment,
# KERNEL_MODULES is the folder for modprobe --dirname; GUEST_SLOWNESS is how many
# times longer, as a whole number, the guest took to boot than on two idle cores
# without KVM.
# Output is shown as it arrives. A guest that prints nothing for GUEST_PATIENCE
# seconds (default 150) times its slowness is killed.
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
case $(uname -m) in x86_64) ;; *) skip "the guest needs x86_64" ;; esac
# busybox must be static: the initramfs contains no libraries.
if ldd "$busybox" >/dev/null 2>&1; then
  skip "busybox is not from the package busybox-static"
fi

mkdir -p "$share"
cd "$share"

# The kernel is unpacked, not installed, and kept for the next run.
if [ ! -e kernel/ready ]; then
  command -v apt-get >/dev/null || skip "there is no apt-get to fetch a kernel"
  package=$(apt-cache depends linux-image-amd64 2>/dev/null |
    sed -n 's/.*Depends: \(linux-image-[^ ]*\)$/\1/p' | head -n 1)
  [ -n "$package" ] ||
    skip "apt doesn't know linux-image-amd64: run apt-get update"
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

# Only what is needed to mount the host's file system.
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

# /dev/kvm may exist but not work. It works if a kernel without a root file system
# gets as far as its panic.
kvm_works() {
  [ -w /dev/kvm ] || return 1
  (timeout 15 qemu-system-x86_64 -accel kvm -cpu host -M q35 -m 256 \
    -nodefaults -no-user-config -display none -serial stdio -no-reboot \
    -kernel "$vmlinuz" -append "console=ttyS0 panic=-1" || true) \
    </dev/null >kvm 2>&1
  grep -q "Kernel panic" kvm
}
accelerator="-accel tcg,thread=multi -cpu max"
# On a busy machine, the guest mismeasures the frequency of the emulated TSC when
# it boots; its seconds have been as short as a twelfth of a second.
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
# Under set -e, a command that fails in a trap determines the exit status.
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
    ended="it printed nothing for $((now - heard)) s"
    kill "$qemu"
    break
  fi
done
wait "$qemu" || ended=${ended:-"QEMU failed with status $?"}
wait "$tail" || true

if [ ! -s status ]; then
  echo "guest: ${ended:-it powered off before the command ended}; its console:"
  tail -n 40 console
  exit 1
fi
echo "guest: up after $(cat booted) s, done after $(($(date +%s) - began)) s"
exit "$(cat status)"

#!/bin/sh
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
# Makes what the camera cases need on this machine, where that is faster, and runs
# them in the guest.
#   suite.sh BUILD_FOLDER PROGRAM TESTCAMERA
# GST_CHECKS=test_a,test_b runs only these cases.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$1
# Meson passes them relative to its own working folder.
program=$(realpath "$2")
testcamera=$(realpath "$3")
share=$build/tests/camera/guest

if [ ! -e "$share/pictures/made" ]; then
  if ! command -v gst-launch-1.0 >/dev/null; then
    echo "SKIP: gst-launch-1.0 is not installed"
    exit 77
  fi
  for size in 640x480 1280x720 1920x1080; do
    mkdir -p "$share/pictures/$size"
    # Full of detail, so that a frame takes many packets, and each different.
    gst-launch-1.0 -q videotestsrc num-buffers=12 pattern=zone-plate \
      kx2=20 ky2=20 kt=3 ! \
      "video/x-raw,format=Y42B,width=${size%x*},height=${size#*x}" ! \
      jpegenc ! multifilesink location="$share/pictures/$size/%02d.jpg"
  done
  # Two cameras with different pictures, to tell them apart.
  for side in left right; do
    mkdir -p "$share/pictures/$side/640x480"
  done
  mv "$share"/pictures/640x480/0[0-5].jpg "$share/pictures/left/640x480/"
  mv "$share"/pictures/640x480/*.jpg "$share/pictures/right/640x480/"
  cp "$share"/pictures/*/640x480/*.jpg "$share/pictures/640x480/"
  touch "$share/pictures/made"
fi

export GST_REGISTRY="$share/registry.bin" GST_PLUGIN_PATH="$build/gst"
rm -f "$GST_REGISTRY"
if ! gst-inspect-1.0 v4l2src >/dev/null; then
  echo "SKIP: v4l2src is not installed"
  exit 77
fi
# The source folder may not be visible in the guest.
cp "$here/guest-cases.sh" "$share/"
exec "$here/run-guest.sh" "$build" env GST_REGISTRY="$GST_REGISTRY" \
  GST_REGISTRY_UPDATE=no GST_PLUGIN_PATH="$GST_PLUGIN_PATH" GST_CHECKS="${GST_CHECKS:-}" \
  GST_DEBUG="${GST_DEBUG:-}" TESTCAMERA="$testcamera" \
  sh "$share/guest-cases.sh" "$program" "$share/pictures"

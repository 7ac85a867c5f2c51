#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Counts how many frames a receiver shows over a link that loses packets, with each
# of the measures against it. Prints the table of docs/lossy-networks.md. Streams in
# real time: on a busy machine, repair comes too late.
set -euo pipefail

frames=${FRAMES:-150}
losses=${LOSSES:-0.1 1 2 5 10}

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

source="videotestsrc num-buffers=$frames is-live=true horizontal-speed=4
  ! video/x-raw,format=I420,width=640,height=480,framerate=30/1
  ! jpegenc quality=85"
caps='application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG,payload=26'
map='application/x-rtp-pt-map,26=(uint)97'
port=5000

# stream LOSS SENDER RECEIVER: how many frames the receiver outputs. Both are in the
# syntax of gst-launch-1.0.
stream () {
  rm -f "$directory"/*.jpg
  # shellcheck disable=SC2086 # elements, word by word
  gst-launch-1.0 -q $3 ! multifilesink location="$directory/%d.jpg" sync=false \
    > "$directory/receiver.log" 2>&1 &
  local receiver=$!
  sleep 1
  # shellcheck disable=SC2086
  gst-launch-1.0 -q ${2//LINK/identity drop-probability=$(awk "BEGIN { print $1 / 100 }")} \
    > "$directory/sender.log" 2>&1 || { cat "$directory/sender.log" >&2; exit 1; }
  sleep 1
  kill -INT "$receiver"
  wait "$receiver" || true
  find "$directory" -name '*.jpg' | wc -l
}

plain () {
  stream "$1" \
    "$source ! rfc2435pay $3 ! LINK ! udpsink host=127.0.0.1 port=$port sync=false" \
    "udpsrc port=$port buffer-size=212992 caps=$caps
      ! rtpjitterbuffer latency=200 do-lost=true ! $2"
}

retransmitted () {
  stream "$1" \
    "rtpsession name=session rtp-profile=avpf
      $source ! rfc2435pay $3
      ! rtprtxsend payload-type-map=$map max-size-packets=2000
      ! session.send_rtp_sink session.send_rtp_src
      ! LINK ! udpsink host=127.0.0.1 port=$port sync=false
      udpsrc port=$((port + 3)) ! session.recv_rtcp_sink
      session.send_rtcp_src
      ! udpsink host=127.0.0.1 port=$((port + 1)) sync=false async=false" \
    "rtpsession name=session rtp-profile=avpf bandwidth=60000000
      udpsrc port=$((port + 1)) ! session.recv_rtcp_sink
      session.send_rtcp_src
      ! udpsink host=127.0.0.1 port=$((port + 3)) sync=false async=false
      udpsrc port=$port buffer-size=212992 caps=$caps
      ! session.recv_rtp_sink session.recv_rtp_src
      ! rtprtxreceive payload-type-map=$map ! rtpssrcdemux
      ! rtpjitterbuffer latency=200 do-lost=true do-retransmission=true
        rtx-next-seqnum=false rtx-delay=0 rtx-delay-reorder=1
      ! $2"
}

corrected () {
  stream "$1" \
    "$source ! rfc2435pay ssrc=0 $3
      ! rtpst2022-1-fecenc name=fec columns=10 rows=10
      fec.src ! LINK ! udpsink host=127.0.0.1 port=$port sync=false
      fec.fec_0 ! LINK
      ! udpsink host=127.0.0.1 port=$((port + 2)) sync=false async=false
      fec.fec_1 ! LINK
      ! udpsink host=127.0.0.1 port=$((port + 4)) sync=false async=false" \
    "rtpst2022-1-fecdec name=fec size-time=2000000000
      udpsrc port=$((port + 2)) caps=application/x-rtp ! fec.fec_0
      udpsrc port=$((port + 4)) caps=application/x-rtp ! fec.fec_1
      udpsrc port=$port buffer-size=212992 caps=$caps ! fec.sink
      fec.src ! rtpjitterbuffer latency=200 do-lost=true ! $2"
}

printf 'of %d frames | nothing | RTX | ST 2022-1 | rfc2435depay | with RTX\n' \
  "$frames"
for loss in $losses; do
  printf '%s %%' "$loss"
  for row in 'plain rtpjpegdepay' 'retransmitted rtpjpegdepay' \
    'corrected rtpjpegdepay' 'plain rfc2435depay error-resilience=chunks' \
    'retransmitted rfc2435depay error-resilience=chunks'; do
    read -r how depayloader options <<< "$row"
    shown=$("$how" "$loss" "$depayloader" "$options")
    printf ' | %s' "$shown"
  done
  printf '\n'
done

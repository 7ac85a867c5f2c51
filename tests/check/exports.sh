#!/bin/sh
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# exports.sh PLUGIN: the plugin exports the symbols that GStreamer looks for, and no
# others, which could clash with those of an application or another plugin.
set -eu

command -v nm > /dev/null || { echo 'SKIP: no nm here'; exit 77; }
exported=$(nm -D --defined-only "$1" | sed 's/.* //' | LC_ALL=C sort)
expected='gst_plugin_rfc2435_get_desc
gst_plugin_rfc2435_register'
[ "$exported" = "$expected" ] || {
  echo "exported:
$exported"
  exit 1
}

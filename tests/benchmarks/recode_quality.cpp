// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The loss of lossy recoding: PSNR in dB of Y, U and V of the result relative
// to the source, both as a viewer shows them, for the lossy classes of the
// tests' corpus at 1920x1080. 99 means equal.

#include "corpus.h"
#include "decoded.h"
#include "recoder.h"

#include <cstdio>

using namespace rfc2435;
using decoded::Format;
using decoded::Upsampling;

int
main ()
{
  Recoder recoder;
  std::printf ("%-28s %-9s %-20s %-20s %s\n", "", "picture", "plain upsampling",
      "fancy upsampling", "bytes");
  for (auto c : corpus::classes ()) {
    if (c.lossless)
      continue;
    for (const bool synthetic : {false, true}) {
      c.spec.width = 1920;
      c.spec.height = 1080;
      c.spec.synthetic = synthetic;
      const auto jpeg = corpus::make (c.spec);
      const auto result = recoder.recode (Bytes{jpeg});
      if (!result) {
        std::printf ("%s: %s\n", c.name.c_str (), result.message);
        return 1;
      }
      std::printf (
          "%-28s %-9s ", c.name.c_str (), synthetic ? "synthetic" : "natural");
      for (const auto upsampling : {Upsampling::plain, Upsampling::fancy}) {
        const auto before =
            decoded::pixels (Bytes{jpeg}, Format::ycc, upsampling);
        const auto after =
            decoded::pixels (result.jpeg, Format::ycc, upsampling);
        for (unsigned plane = 0; plane < 3; plane++)
          std::printf ("%6.1f", decoded::psnr (before, after, plane));
        std::printf ("   ");
      }
      std::printf ("%zu -> %zu\n", jpeg.size (), result.jpeg.size ());
    }
  }
}

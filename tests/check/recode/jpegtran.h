// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"
#include "corpus.h"
#include "turn.h"

#include <array>

// The output of libjpeg-turbo's own program for a JPEG.
namespace jpegtran {

struct Case {
  rfc2435::Turn turn;
  const char *name;
  std::array<const char *, 2> options;
};

// All but Turn::none.
inline constexpr std::array<Case, 7> turns{{
    {rfc2435::Turn::rotate_90, "rotate 90", {"-rotate", "90"}},
    {rfc2435::Turn::rotate_180, "rotate 180", {"-rotate", "180"}},
    {rfc2435::Turn::rotate_270, "rotate 270", {"-rotate", "270"}},
    {rfc2435::Turn::flip_horizontal, "flip horizontal",
        {"-flip", "horizontal"}},
    {rfc2435::Turn::flip_vertical, "flip vertical", {"-flip", "vertical"}},
    {rfc2435::Turn::transpose, "transpose", {"-transpose"}},
    {rfc2435::Turn::transverse, "transverse", {"-transverse"}},
}};

// With -perfect: empty if it refuses. The environment variable JPEGTRAN names
// the program.
corpus::Jpeg turned (const corpus::Jpeg &jpeg, const Case &c);

// From SOS on.
rfc2435::Bytes scan (rfc2435::Bytes jpeg);

} // namespace jpegtran

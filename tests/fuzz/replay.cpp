// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Runs a fuzz target on the given files and folders, for compilers without
// libFuzzer and as a regression test.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n);

static bool
replay (const std::filesystem::path &path)
{
  std::ifstream file (path, std::ios::binary);
  if (!file)
    return false;
  std::vector<char> bytes{std::istreambuf_iterator<char> (file), {}};

  // Printed first, so that it is known which input crashed.
  std::printf ("%s\n", path.c_str ());
  std::fflush (stdout);
  LLVMFuzzerTestOneInput (
      reinterpret_cast<const std::uint8_t *> (bytes.data ()), bytes.size ());
  return true;
}

int
main (int argc, char **argv)
{
  unsigned count = 0;

  for (int i = 1; i < argc; i++) {
    std::error_code error;
    if (std::filesystem::is_directory (argv[i], error)) {
      for (auto &entry : std::filesystem::directory_iterator (argv[i], error))
        count += entry.is_regular_file () && replay (entry.path ());
    } else {
      if (!replay (argv[i])) {
        std::fprintf (stderr, "can't read %s\n", argv[i]);
        return 1;
      }
      count++;
    }
  }
  std::printf ("%u inputs\n", count);
  return count > 0 ? 0 : 1;
}

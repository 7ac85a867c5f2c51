// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "drop_cause.h"

// Included before check.h, whose macro fail() would break it
#include <fstream>
#include <set>
#include <sstream>

#include "assert_text.h"

#include <gst/check/gstcheck.h>

using namespace rfc2435;

GST_START_TEST (test_names)
{
  assert_text (text (DropCause::corrupted).name, "corrupted");
  assert_text (text (DropCause::cut_short).name, "cut-short");
  assert_text (text (DropCause::out_of_memory).name, "out-of-memory");
}
GST_END_TEST;

// Names identify counters, and programs compare them, so no two causes share
// one.
GST_START_TEST (test_each_has_a_name_and_a_remedy)
{
  std::set<std::string> names;
  for (std::size_t i = 0; i < drop_cause_count; i++) {
    auto &text = rfc2435::text (static_cast<DropCause> (i));
    fail_unless (names.insert (text.name).second, "%s", text.name);
    fail_unless (text.found[0] != '\0', "%s", text.name);
    fail_unless (std::string (text.remedy).ends_with ("."), "%s", text.name);
  }
}
GST_END_TEST;

GST_START_TEST (test_each_is_documented)
{
  std::ifstream file (STATISTICS_MD);
  std::stringstream document;
  document << file.rdbuf ();
  for (std::size_t i = 0; i < drop_cause_count; i++) {
    auto name = text (static_cast<DropCause> (i)).name;
    auto row = std::string ("| `") + name + "` |";
    fail_unless (document.str ().find (row) != std::string::npos,
        "%s is missing in docs/statistics.md", name);
  }
}
GST_END_TEST;

static Suite *
drop_cause_suite ()
{
  auto suite = suite_create ("drop_cause");
  auto tests = tcase_create ("general");
  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_names);
  tcase_add_test (tests, test_each_has_a_name_and_a_remedy);
  tcase_add_test (tests, test_each_is_documented);
  return suite;
}

GST_CHECK_MAIN (drop_cause)

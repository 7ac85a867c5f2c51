// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/check/gstcheck.h>

GST_START_TEST (test_registered)
{
  auto factory = gst_element_factory_find ("rfc2435pay");
  fail_unless (factory != nullptr);
  fail_unless_equals_string (
      gst_element_factory_get_metadata (factory, GST_ELEMENT_METADATA_KLASS),
      "Codec/Payloader/Network/RTP");
  gst_object_unref (factory);
}
GST_END_TEST;

static Suite *
rfc2435pay_suite ()
{
  auto suite = suite_create ("rfc2435pay");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_registered);

  return suite;
}

GST_CHECK_MAIN (rfc2435pay)

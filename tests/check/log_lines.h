// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <array>
#include <atomic>
#include <mutex>
#include <string>
#include <utility>

namespace test {

// Counts the lines that a debug category logs, instead of printing them.
class LogLines {
public:
  LogLines (const char *category, GstDebugLevel threshold)
      : category_ (category)
  {
    gst_debug_remove_log_function (gst_debug_log_default);
    gst_debug_add_log_function (count, this, nullptr);
    set_threshold (threshold);
  }
  ~LogLines ()
  {
    gst_debug_unset_threshold_for_name (category_.c_str ());
    gst_debug_remove_log_function_by_data (this);
    gst_debug_add_log_function (gst_debug_log_default, nullptr, nullptr);
  }
  LogLines (const LogLines &) = delete;
  LogLines &operator= (const LogLines &) = delete;

  void set_threshold (GstDebugLevel level)
  {
    gst_debug_set_threshold_for_name (category_.c_str (), level);
  }

  // The number of lines of this level since the last call.
  unsigned take (GstDebugLevel level) { return lines_[level].exchange (0); }
  // The last line of any level.
  std::string last ()
  {
    std::lock_guard lock (mutex_);
    return last_;
  }

private:
  static void count (GstDebugCategory *category, GstDebugLevel level,
      const gchar *, const gchar *, gint, GObject *, GstDebugMessage *message,
      gpointer data)
  {
    auto self = static_cast<LogLines *> (data);
    if (self->category_ != gst_debug_category_get_name (category))
      return;
    self->lines_[level]++;
    std::lock_guard lock (self->mutex_);
    self->last_ = gst_debug_message_get (message);
  }

  std::string category_;
  std::array<std::atomic<unsigned>, GST_LEVEL_COUNT> lines_{};
  std::mutex mutex_; // of `last_`: any thread logs
  std::string last_;
};

} // namespace test

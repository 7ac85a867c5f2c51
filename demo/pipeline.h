// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include <gst/gst.h>

struct UnrefObject {
  void operator() (gpointer object) const { gst_object_unref (object); }
};

using ElementPtr = std::unique_ptr<GstElement, UnrefObject>;

/// A pipeline that prints the errors and warnings of its elements, and quits
/// the main loop when it has failed or ended. Its destructor stops it.
class Pipeline {
public:
  /// Takes gst-launch's syntax. If an element does not exist, prints an error
  /// and exits.
  Pipeline (const std::string &launch, GMainLoop *loop);
  ~Pipeline ();
  Pipeline (const Pipeline &) = delete;
  Pipeline &operator= (const Pipeline &) = delete;

  ElementPtr element (const char *name) const;

  /// Calls `callback` in the streaming thread.
  void probe (const char *element_name, const char *pad_name, int types,
      GstPadProbeCallback callback, gpointer data) const;

  void start ();
  void end_stream ();

  bool failed () const { return failed_; }
  bool ended () const { return ended_; }

private:
  static gboolean on_message (GstBus *, GstMessage *message, gpointer self);

  GMainLoop *loop_;
  ElementPtr pipeline_;
  bool failed_ = false;
  bool ended_ = false;
};

// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Runs JPEG files through a payloader, its packets through rtpjpegdepay and
// jpegdec, and reports what happened: a line of JSON per job on standard
// output, packets and pixels in files. It does not judge the results; run.py
// does.
//
// The standard input is a list of jobs, each a list of lines:
//   job NAME          starts a job with fresh elements
//   set PROP=VALUE    sets a property of the payloader before it starts
//   srccaps CAPS      sends caps into the payloader (default image/jpeg)
//   sinkcaps CAPS     caps that the payloader's peer asks for
//   pieces            sends files in buffers of many memories from here on
//   push FILE PTS     sends a file as one buffer; PTS in nanoseconds
//   flush             sends flush-start and flush-stop
//   decode FILE       no payloading: just decodes the file with jpegdec
//   mux FILE          no payloading: records it with each muxer after jpegparse
//   end               runs what was collected, stops the elements, reports
// NAME.rtp gets the packets, NAME.jpegs the output of rtpjpegdepay,
// NAME.yuv the decoded pictures, all in the directory that is the second
// argument; the first names the payloader.

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace {

std::string
json_string (const char *text)
{
  std::string out = "\"";
  for (auto c = reinterpret_cast<const unsigned char *> (text ? text : ""); *c;
       c++) {
    if (*c == '"' || *c == '\\') {
      out += '\\';
      out += static_cast<char> (*c);
    } else if (*c < 0x20) {
      char escaped[8];
      std::snprintf (escaped, sizeof escaped, "\\u%04x", *c);
      out += escaped;
    } else {
      out += static_cast<char> (*c);
    }
  }
  return out + "\"";
}

std::string
json_structure (const GstStructure *structure)
{
  std::string out = "{";
  for (int i = 0; i < gst_structure_n_fields (structure); i++) {
    auto name = gst_structure_nth_field_name (structure, i);
    auto value = gst_structure_get_value (structure, name);
    if (i > 0)
      out += ", ";
    out += json_string (name) + ": ";
    if (G_VALUE_HOLDS (value, GST_TYPE_STRUCTURE)) {
      out += json_structure (gst_value_get_structure (value));
    } else if (G_VALUE_HOLDS_UINT64 (value)) {
      out += std::to_string (g_value_get_uint64 (value));
    } else {
      // Not of the documented type: shown with its type.
      auto text = gst_value_serialize (value);
      out += json_string (
          (std::string (G_VALUE_TYPE_NAME (value)) + " " + (text ? text : ""))
              .c_str ());
      g_free (text);
    }
  }
  return out + "}";
}

std::string
json_caps (const GstCaps *caps)
{
  if (!caps)
    return "null";
  auto text = gst_caps_to_string (caps);
  auto out = json_string (text);
  g_free (text);
  return out;
}

// Commas between the elements of a JSON list.
class List {
public:
  void add (const std::string &element)
  {
    text_ += (text_.empty () ? "" : ", ") + element;
  }

  std::string json () const { return "[" + text_ + "]"; }

private:
  std::string text_;
};

std::string
read_file (const std::string &path)
{
  std::ifstream in (path, std::ios::binary);
  if (!in)
    g_error ("can't read %s", path.c_str ());
  return {std::istreambuf_iterator<char> (in), {}};
}

GstBuffer *
whole_buffer (const std::string &bytes)
{
  if (bytes.empty ())
    return gst_buffer_new ();
  // A separate block of exactly this size, so that memory checkers detect
  // reads past the end.
  return gst_buffer_new_memdup (bytes.data (), bytes.size ());
}

// As many memories as a buffer can have, all but the last one short: most cut
// through the header. Other sizes for other files.
GstBuffer *
buffer_in_pieces (const std::string &bytes)
{
  auto buffer = gst_buffer_new ();
  for (std::size_t at = 0, i = 0; at < bytes.size (); i++) {
    auto size = bytes.size () - at;
    if (i + 1 < gst_buffer_get_max_memory ())
      size = std::min (size, 1 + (i * i * 31 + bytes.size ()) % 97);
    buffer = gst_buffer_append (buffer, whole_buffer (bytes.substr (at, size)));
    at += size;
  }
  return buffer;
}

// All messages posted since the last call, in the order of posting.
std::string
drain_bus (GstBus *bus)
{
  List list;
  while (auto message = gst_bus_pop_filtered (bus,
             static_cast<GstMessageType> (
                 GST_MESSAGE_ERROR | GST_MESSAGE_WARNING | GST_MESSAGE_INFO))) {
    GError *error = nullptr;
    char *debug = nullptr;
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
      gst_message_parse_error (message, &error, &debug);
    else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
      gst_message_parse_warning (message, &error, &debug);
    else
      gst_message_parse_info (message, &error, &debug);
    list.add ("{\"type\": " + json_string (GST_MESSAGE_TYPE_NAME (message)) +
              ", \"text\": " + json_string (error->message) +
              ", \"debug\": " + json_string (debug) + "}");
    g_error_free (error);
    g_free (debug);
    gst_message_unref (message);
  }
  return list.json ();
}

// Writes the visible part of all planes, without strides' padding.
std::string
write_picture (GstBuffer *buffer, GstCaps *caps, std::ostream &out)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  if (!gst_video_info_from_caps (&info, caps) ||
      !gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ))
    g_error ("not a video frame");

  for (guint c = 0; c < GST_VIDEO_FRAME_N_COMPONENTS (&frame); c++) {
    auto row =
        reinterpret_cast<const char *> (GST_VIDEO_FRAME_COMP_DATA (&frame, c));
    auto width = GST_VIDEO_FRAME_COMP_WIDTH (&frame, c) *
                 GST_VIDEO_FRAME_COMP_PSTRIDE (&frame, c);
    for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT (&frame, c); y++) {
      out.write (row, width);
      row += GST_VIDEO_FRAME_COMP_STRIDE (&frame, c);
    }
  }
  auto json =
      "{\"format\": " +
      json_string (gst_video_format_to_string (GST_VIDEO_INFO_FORMAT (&info))) +
      ", \"width\": " + std::to_string (info.width) +
      ", \"height\": " + std::to_string (info.height) + "}";
  gst_video_frame_unmap (&frame);
  return json;
}

// Writes the pictures that `decoder` has output since the last call.
std::string
drain_pictures (GstHarness *decoder, std::ostream &out)
{
  List list;
  while (auto buffer = gst_harness_try_pull (decoder)) {
    auto caps = gst_pad_get_current_caps (decoder->sinkpad);
    list.add (write_picture (buffer, caps, out));
    gst_caps_unref (caps);
    gst_buffer_unref (buffer);
  }
  return list.json ();
}

struct Job {
  std::string name;
  std::vector<std::pair<std::string, std::string>> steps;

  std::string option (const char *key, const char *otherwise) const
  {
    for (const auto &[k, value] : steps)
      if (k == key)
        return value;
    return otherwise;
  }
};

std::string
decode (const Job &job, const std::string &directory)
{
  std::ofstream pixels (directory + "/" + job.name + ".yuv", std::ios::binary);
  auto decoder = gst_harness_new_parse ("jpegdec");
  gst_harness_set_src_caps_str (decoder, "image/jpeg");
  gst_harness_push (
      decoder, whole_buffer (read_file (job.option ("decode", ""))));
  gst_harness_push_event (decoder, gst_event_new_eos ());
  auto json = drain_pictures (decoder, pixels);
  gst_harness_teardown (decoder);
  return "\"pictures\": " + json;
}

// What went wrong, or nothing.
std::string
mux (const char *muxer, const std::string &bytes, const std::string &directory)
{
  auto description = "appsrc name=source format=time "
                     "caps=image/jpeg,framerate=25/1 ! jpegparse ! " +
                     std::string (muxer) + " ! filesink location=" + directory +
                     "/muxed";
  auto pipeline = gst_parse_launch (description.c_str (), nullptr);
  auto source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  GstFlowReturn flow;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (int i = 0; i < 2; i++) {
    auto buffer = whole_buffer (bytes);
    GST_BUFFER_PTS (buffer) = i * GST_SECOND / 25;
    g_signal_emit_by_name (source, "push-buffer", buffer, &flow);
    gst_buffer_unref (buffer);
  }
  g_signal_emit_by_name (source, "end-of-stream", &flow);

  auto bus = gst_element_get_bus (pipeline);
  auto message = gst_bus_timed_pop_filtered (bus, 30 * GST_SECOND,
      static_cast<GstMessageType> (
          GST_MESSAGE_EOS | GST_MESSAGE_WARNING | GST_MESSAGE_ERROR));
  std::string wrong;
  if (!message) {
    wrong = "hangs";
  } else if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_EOS) {
    GError *error;
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
      gst_message_parse_error (message, &error, nullptr);
    else
      gst_message_parse_warning (message, &error, nullptr);
    wrong = error->message;
    g_error_free (error);
  }
  if (message)
    gst_message_unref (message);
  gst_object_unref (bus);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (source);
  gst_object_unref (pipeline);
  return wrong;
}

std::string
mux (const Job &job, const std::string &directory)
{
  auto bytes = read_file (job.option ("mux", ""));
  std::string json;
  for (auto muxer : {"matroskamux", "avimux", "qtmux"})
    json += (json.empty () ? "" : ", ") + json_string (muxer) + ": " +
            json_string (mux (muxer, bytes, directory).c_str ());
  return "\"muxed\": {" + json + "}";
}

struct Payload {
  Payload (const char *payloader, const Job &job, const std::string &directory)
      : pixels (directory + "/" + job.name + ".yuv", std::ios::binary),
        wire (directory + "/" + job.name + ".rtp", std::ios::binary),
        received (directory + "/" + job.name + ".jpegs", std::ios::binary)
  {
    auto element = gst_element_factory_make (payloader, nullptr);
    gst_element_set_bus (element, bus);
    for (const auto &[key, value] : job.steps) {
      if (key != "set")
        continue;
      auto equals = value.find ('=');
      gst_util_set_object_arg (G_OBJECT (element),
          value.substr (0, equals).c_str (),
          value.substr (equals + 1).c_str ());
    }
    pay = gst_harness_new_with_element (element, "sink", "src");
    gst_harness_use_systemclock (pay);
    gst_object_unref (element);
    gst_harness_set_sink_caps_str (
        pay, job.option ("sinkcaps", "application/x-rtp").c_str ());
  }

  ~Payload ()
  {
    if (depay)
      gst_harness_teardown (depay);
    gst_element_set_bus (pay->element, nullptr);
    gst_harness_teardown (pay);
    gst_object_unref (bus);
    gst_clear_caps (&depay_caps);
  }

  Payload (const Payload &) = delete;
  Payload &operator= (const Payload &) = delete;

  // Moves packets from the payloader to the receiver and into the file.
  std::string drain_packets ()
  {
    List list;
    while (auto buffer = gst_harness_try_pull (pay)) {
      GstMapInfo map;
      gst_buffer_map (buffer, &map, GST_MAP_READ);
      wire.write (reinterpret_cast<const char *> (map.data),
          static_cast<std::streamsize> (map.size));
      auto pts = static_cast<gint64> (GST_BUFFER_PTS (buffer));
      list.add ("[" + std::to_string (map.size) + ", " + std::to_string (pts) +
                (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_MARKER)
                        ? ", true]"
                        : ", false]"));
      gst_buffer_unmap (buffer, &map);
      receive (buffer);
    }
    return list.json ();
  }

  void receive (GstBuffer *buffer)
  {
    auto caps = gst_pad_get_current_caps (pay->sinkpad);
    if (!depay) {
      depay = gst_harness_new_parse (
          "rtpjpegdepay name=depay ! jpegdec max-errors=-1");
      auto element = gst_bin_get_by_name (GST_BIN (depay->element), "depay");
      auto pad = gst_element_get_static_pad (element, "src");
      gst_pad_add_probe (
          pad, GST_PAD_PROBE_TYPE_BUFFER, write_jpeg, this, nullptr);
      gst_object_unref (pad);
      gst_object_unref (element);
    }
    if (!depay_caps || !gst_caps_is_equal (depay_caps, caps)) {
      gst_harness_set_src_caps (depay, gst_caps_ref (caps));
      gst_caps_replace (&depay_caps, caps);
    }
    gst_caps_unref (caps);
    gst_harness_push (depay, buffer);
  }

  static GstPadProbeReturn write_jpeg (
      GstPad *, GstPadProbeInfo *info, gpointer data)
  {
    auto self = static_cast<Payload *> (data);
    GstMapInfo map;
    auto buffer = GST_PAD_PROBE_INFO_BUFFER (info);
    gst_buffer_map (buffer, &map, GST_MAP_READ);
    self->received.write (reinterpret_cast<const char *> (map.data),
        static_cast<std::streamsize> (map.size));
    self->jpegs.add (std::to_string (map.size));
    gst_buffer_unmap (buffer, &map);
    return GST_PAD_PROBE_OK;
  }

  std::ofstream pixels;
  std::ofstream wire;
  std::ofstream received;
  List jpegs; // their sizes, of this push
  GstBus *bus = gst_bus_new ();
  GstHarness *pay = nullptr;
  GstHarness *depay = nullptr;
  GstCaps *depay_caps = nullptr;
};

std::string
payload (const char *payloader, const Job &job, const std::string &directory)
{
  Payload run (payloader, job, directory);
  List frames;
  bool have_caps = false;
  bool pieces = false;

  for (const auto &[key, value] : job.steps) {
    if (key == "srccaps") {
      gst_harness_set_src_caps_str (run.pay, value.c_str ());
      have_caps = true;
    } else if (key == "pieces") {
      pieces = true;
    } else if (key == "flush") {
      gst_harness_push_event (run.pay, gst_event_new_flush_start ());
      gst_harness_push_event (run.pay, gst_event_new_flush_stop (TRUE));
      GstSegment segment;
      gst_segment_init (&segment, GST_FORMAT_TIME);
      gst_harness_push_event (run.pay, gst_event_new_segment (&segment));
    } else if (key == "push") {
      if (!have_caps)
        gst_harness_set_src_caps_str (run.pay, "image/jpeg");
      have_caps = true;
      auto space = value.rfind (' ');
      auto bytes = read_file (value.substr (0, space));
      auto buffer = pieces ? buffer_in_pieces (bytes) : whole_buffer (bytes);
      GST_BUFFER_PTS (buffer) = std::stoull (value.substr (space + 1));
      auto flow = gst_harness_push (run.pay, buffer);
      auto packets = run.drain_packets ();
      auto pictures = run.depay ? drain_pictures (run.depay, run.pixels) : "[]";
      auto caps = gst_pad_get_current_caps (run.pay->sinkpad);
      frames.add ("{\"flow\": " + json_string (gst_flow_get_name (flow)) +
                  ", \"packets\": " + packets + ", \"pictures\": " + pictures +
                  ", \"jpegs\": " + std::exchange (run.jpegs, {}).json () +
                  ", \"caps\": " + json_caps (caps) +
                  ", \"messages\": " + drain_bus (run.bus) + "}");
      gst_clear_caps (&caps);
    }
  }

  std::string stats = "null";
  if (g_object_class_find_property (
          G_OBJECT_GET_CLASS (run.pay->element), "frame-stats")) {
    GstStructure *structure = nullptr;
    g_object_get (run.pay->element, "frame-stats", &structure, nullptr);
    stats = json_structure (structure);
    gst_structure_free (structure);
  }
  return "\"frames\": " + frames.json () + ", \"stats\": " + stats;
}

} // namespace

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  gst_init (&argc, &argv);
  if (argc != 3) {
    std::cerr << "usage: " << argv[0] << " PAYLOADER DIRECTORY < jobs\n";
    return 2;
  }
  for (auto name :
      std::initializer_list<const char *>{argv[1], "rtpjpegdepay", "jpegdec"}) {
    auto factory = gst_element_factory_find (name);
    if (!factory) {
      std::cerr << "there is no element " << name << "\n";
      return 2;
    }
    gst_object_unref (factory);
  }

  Job job;
  for (std::string line; std::getline (std::cin, line);) {
    auto space = line.find (' ');
    auto key = line.substr (0, space);
    auto value = space == line.npos ? "" : line.substr (space + 1);
    if (key == "job") {
      job = {value, {}};
    } else if (key == "end") {
      auto json = !job.option ("decode", "").empty () ? decode (job, argv[2])
                  : !job.option ("mux", "").empty ()
                      ? mux (job, argv[2])
                      : payload (argv[1], job, argv[2]);
      std::cout << "{\"name\": " << json_string (job.name.c_str ()) << ", "
                << json << "}" << std::endl;
    } else {
      job.steps.emplace_back (key, value);
    }
  }
}

// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Pushes JPEG files, from as few buffers as a camera has, or the packets that a
// payloader makes from them, into several elements in turn, in one process, and
// prints as JSON the cost of a frame in each: CPU time of the whole process,
// time from the input of a frame to the output of its last buffer, and heap
// allocations if built to count them. Elements are given in the syntax of
// gst-launch-1.0; the cost of the source is that of "none", which only accepts
// the buffers.

#include "allocation_counter.h"
#include "frame_files.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Options {
  gchar *frames = nullptr;
  gchar *caps = nullptr;
  gchar *payloader = nullptr;
  gboolean lose = FALSE;
  gint fps = 0;
  gint rounds = 5;
  gint pushes = 200;
  gint warm_up = 60;
  gchar **elements = nullptr;
};

double
microseconds (clockid_t clock)
{
  timespec time;
  clock_gettime (clock, &time);
  return static_cast<double> (time.tv_sec) * 1e6 +
         static_cast<double> (time.tv_nsec) / 1e3;
}

using Bytes = std::vector<std::uint8_t>;
// A JPEG, or the packets that carry one.
using Frame = std::vector<Bytes>;

Frame
jpeg_frame (GstMemory *memory)
{
  GstMapInfo map;
  gst_memory_map (memory, &map, GST_MAP_READ);
  Frame frame = {{map.data, map.data + map.size}};
  gst_memory_unmap (memory, &map);
  return frame;
}

// An endless sequence of frames. They are copied to a few buffers in turn, as
// by the driver of a USB camera or a network card.
class FrameInput {
public:
  FrameInput (std::vector<Frame> frames, bool are_packets, bool lose)
      : frames_ (std::move (frames)), are_packets_ (are_packets), lose_ (lose)
  {
    for (auto &slot : slots_) {
      for (auto &frame : frames_) {
        slot.resize (std::max (slot.size (), frame.size ()));
        for (std::size_t i = 0; i < frame.size (); i++)
          slot[i].resize (std::max (slot[i].size (), frame[i].size ()));
      }
    }
  }

  std::span<GstBuffer *const> capture ()
  {
    auto &frame = frames_[captured_ % frames_.size ()];
    auto &slot = slots_[captured_ % slots_.size ()];
    buffers_.clear ();
    for (std::size_t i = 0; i < frame.size (); i++) {
      std::ranges::copy (frame[i], slot[i].begin ());
      if (are_packets_)
        number_packet (slot[i]);
      if (lose_ && captured_ > 0 && i == frame.size () / 2)
        continue;
      auto buffer = gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY,
          slot[i].data (), slot[i].size (), 0, frame[i].size (), nullptr,
          nullptr);
      GST_BUFFER_PTS (buffer) =
          gst_util_uint64_scale (captured_, GST_SECOND, 30);
      buffers_.push_back (buffer);
    }
    captured_++;
    return buffers_;
  }

private:
  // Sequence numbers and timestamps continue when frames are repeated.
  void number_packet (Bytes &packet)
  {
    GST_WRITE_UINT16_BE (packet.data () + 2, seqnum_++);
    GST_WRITE_UINT32_BE (
        packet.data () + 4, static_cast<guint32> (captured_ * 3000));
  }

  const std::vector<Frame> frames_;
  const bool are_packets_;
  const bool lose_;
  std::array<Frame, 4> slots_;
  std::vector<GstBuffer *> buffers_;
  guint64 captured_ = 0;
  guint16 seqnum_ = 0;
};

// An element between a pad that pushes frames and one that drops or collects
// its output.
class Contender {
public:
  Contender (const char *description, const char *caps_description)
      : description_ (description)
  {
    source_ = gst_pad_new ("src", GST_PAD_SRC);
    sink_ = gst_pad_new ("sink", GST_PAD_SINK);
    gst_pad_set_element_private (sink_, this);
    gst_pad_set_chain_function (sink_, take_buffer);
    gst_pad_set_chain_list_function (sink_, take_list);
    gst_pad_set_active (sink_, TRUE);
    gst_pad_set_active (source_, TRUE);
    if (description_ == "none")
      link (source_, sink_);
    else
      insert ();

    gst_pad_push_event (source_, gst_event_new_stream_start ("frames"));
    auto caps = gst_caps_from_string (caps_description);
    gst_pad_push_event (source_, gst_event_new_caps (caps));
    gst_caps_unref (caps);
    GstSegment segment;
    gst_segment_init (&segment, GST_FORMAT_TIME);
    gst_pad_push_event (source_, gst_event_new_segment (&segment));
  }

  ~Contender ()
  {
    if (element_) {
      gst_element_set_state (element_, GST_STATE_NULL);
      gst_object_unref (element_);
    }
    gst_object_unref (source_);
    gst_object_unref (sink_);
  }

  Contender (const Contender &) = delete;
  Contender &operator= (const Contender &) = delete;

  void push (std::span<GstBuffer *const> buffers)
  {
    for (auto buffer : buffers)
      if (gst_pad_push (source_, buffer) != GST_FLOW_OK)
        g_error ("%s refused a frame", description_.c_str ());
    if (ends_in_sink_)
      last_packet_time_ = microseconds (CLOCK_MONOTONIC);
  }

  const std::string &description () const { return description_; }
  double last_packet_time () const { return last_packet_time_; }
  std::string output_caps () const
  {
    auto caps = gst_pad_get_current_caps (sink_);
    auto text = gst_caps_to_string (caps);
    std::string result = text;
    g_free (text);
    gst_caps_unref (caps);
    return result;
  }

  guint64 packets = 0;
  Frame *collected = nullptr;

private:
  static void link (GstPad *from, GstPad *to)
  {
    if (gst_pad_link (from, to) != GST_PAD_LINK_OK)
      g_error ("no link to %s", GST_PAD_NAME (to));
  }

  void insert ()
  {
    // A single element is not put into a bin, whose pads would add a cost to
    // each buffer.
    GError *error = nullptr;
    element_ = gst_parse_launch (description_.c_str (), &error);
    if (element_ && GST_IS_BIN (element_)) {
      gst_object_unref (element_);
      element_ =
          gst_parse_bin_from_description (description_.c_str (), TRUE, &error);
    }
    if (!element_)
      g_error ("%s", error->message);
    gst_object_ref_sink (element_);

    auto in = gst_element_get_static_pad (element_, "sink");
    auto out = gst_element_get_static_pad (element_, "src");
    if (out) {
      link (out, sink_);
      gst_object_unref (out);
    }
    ends_in_sink_ = out == nullptr;
    if (gst_element_set_state (element_, GST_STATE_PLAYING) ==
        GST_STATE_CHANGE_FAILURE)
      g_error ("%s does not start", description_.c_str ());
    link (source_, in);
    gst_object_unref (in);
  }

  static GstFlowReturn take_buffer (GstPad *pad, GstObject *, GstBuffer *buffer)
  {
    auto self = static_cast<Contender *> (gst_pad_get_element_private (pad));
    self->packets++;
    self->last_packet_time_ = microseconds (CLOCK_MONOTONIC);
    if (self->collected)
      self->collect (buffer);
    gst_buffer_unref (buffer);
    return GST_FLOW_OK;
  }

  static GstFlowReturn take_list (GstPad *pad, GstObject *, GstBufferList *list)
  {
    auto self = static_cast<Contender *> (gst_pad_get_element_private (pad));
    self->packets += gst_buffer_list_length (list);
    self->last_packet_time_ = microseconds (CLOCK_MONOTONIC);
    for (guint i = 0; self->collected && i < gst_buffer_list_length (list); i++)
      self->collect (gst_buffer_list_get (list, i));
    gst_buffer_list_unref (list);
    return GST_FLOW_OK;
  }

  void collect (GstBuffer *buffer)
  {
    Bytes bytes (gst_buffer_get_size (buffer));
    gst_buffer_extract (buffer, 0, bytes.data (), bytes.size ());
    collected->push_back (std::move (bytes));
  }

  std::string description_;
  GstPad *source_;
  GstPad *sink_;
  GstElement *element_ = nullptr;
  bool ends_in_sink_ = false;
  double last_packet_time_ = 0;
};

struct Result {
  std::vector<double> cpu;     // microseconds a frame, one value a round
  std::vector<double> frames;  // CPU time of each, in microseconds
  std::vector<double> latency; // microseconds, one value a frame
  guint64 allocation_count = 0;
  gint64 growth = 0; // bytes on the heap, from the first round's end on
  // Bytes on the heap before the element was created, and the largest increase
  // since then.
  gint64 heap_before = 0;
  gint64 peak = 0;
};

} // namespace

// Callgrind is told to collect in this function.
extern "C" void measured_push (
    Contender &contender, std::span<GstBuffer *const> buffers);

[[gnu::noinline]] void
measured_push (Contender &contender, std::span<GstBuffer *const> buffers)
{
  contender.push (buffers);
}

namespace {

void
run_round (const Options &options, FrameInput &input, Contender &contender,
    Result &result)
{
  auto live_bytes = allocations ().live_bytes;
  double cpu = 0;

  for (gint i = 0; i < options.pushes; i++) {
    auto buffers = input.capture ();
    auto count = allocations ().count;
    auto start = microseconds (CLOCK_PROCESS_CPUTIME_ID);
    measured_push (contender, buffers);
    result.frames.push_back (microseconds (CLOCK_PROCESS_CPUTIME_ID) - start);
    cpu += result.frames.back ();
    result.allocation_count += allocations ().count - count;
  }

  if (!result.cpu.empty ())
    result.growth += allocations ().live_bytes - live_bytes;
  result.cpu.push_back (cpu / options.pushes);
  result.peak = allocations ().peak_bytes - result.heap_before;
}

// All contenders get a frame, then all wait for the time of the next.
void
run_in_real_time (const Options &options, FrameInput &input,
    std::vector<std::unique_ptr<Contender>> &contenders,
    std::vector<Result> &results)
{
  auto next = std::chrono::steady_clock::now ();
  for (gint i = 0; i < options.rounds * options.pushes; i++) {
    next += std::chrono::nanoseconds (1'000'000'000 / options.fps);
    std::this_thread::sleep_until (next);
    for (std::size_t k = 0; k < contenders.size (); k++) {
      auto buffers = input.capture ();
      auto cpu = microseconds (CLOCK_PROCESS_CPUTIME_ID);
      auto start = microseconds (CLOCK_MONOTONIC);
      measured_push (*contenders[k], buffers);
      results[k].latency.push_back (contenders[k]->last_packet_time () - start);
      results[k].cpu.push_back (microseconds (CLOCK_PROCESS_CPUTIME_ID) - cpu);
      std::this_thread::sleep_for (std::chrono::milliseconds (2));
    }
  }
}

void
print_numbers (const char *name, const std::vector<double> &numbers)
{
  std::printf (", \"%s\": [", name);
  for (std::size_t i = 0; i < numbers.size (); i++)
    std::printf ("%s%.2f", i ? ", " : "", numbers[i]);
  std::printf ("]");
}

void
print_middle_and_worst (const char *name, std::vector<double> numbers)
{
  if (numbers.empty ())
    return;
  std::ranges::sort (numbers);
  std::printf (", \"%s\": {\"median\": %.2f, \"worst\": %.2f}", name,
      numbers[numbers.size () / 2], numbers.back ());
}

void
print (const Contender &contender, const Result &result, guint64 pushes)
{
  auto name = g_strescape (contender.description ().c_str (), nullptr);
  std::printf ("{\"element\": \"%s\"", name);
  g_free (name);
  print_numbers ("cpu_us", result.cpu);
  print_middle_and_worst ("frame_cpu_us", result.frames);
  print_numbers ("latency_us", result.latency);
  if (counts_allocations)
    std::printf (", \"allocations\": %.2f, \"growth_bytes\": %" G_GINT64_FORMAT
                 ", \"peak_bytes\": %" G_GINT64_FORMAT,
        static_cast<double> (result.allocation_count) /
            static_cast<double> (pushes),
        result.growth, result.peak);
  std::printf (", \"packets\": %.2f}",
      static_cast<double> (contender.packets) / static_cast<double> (pushes));
}

bool
parse_options (Options &options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
      {"frames", 0, 0, G_OPTION_ARG_FILENAME, &options.frames,
          "Folder of the JPEG files", "DIRECTORY"},
      {"caps", 0, 0, G_OPTION_ARG_STRING, &options.caps, "Their caps", "CAPS"},
      {"packets", 0, 0, G_OPTION_ARG_STRING, &options.payloader,
          "Push the packets that this payloader makes of them", "ELEMENT"},
      {"lose", 0, 0, G_OPTION_ARG_NONE, &options.lose,
          "Leave one out from the middle of each frame but the first", nullptr},
      {"rounds", 0, 0, G_OPTION_ARG_INT, &options.rounds,
          "Turns of each element", "N"},
      {"pushes", 0, 0, G_OPTION_ARG_INT, &options.pushes, "Frames a turn", "N"},
      {"warm-up", 0, 0, G_OPTION_ARG_INT, &options.warm_up,
          "Frames before that", "N"},
      {"fps", 0, 0, G_OPTION_ARG_INT, &options.fps,
          "Push this many frames per second, not flat out", "N"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.elements,
          nullptr, "ELEMENT..."},
      {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};
  auto context = g_option_context_new (nullptr);
  g_option_context_add_main_entries (context, entries, nullptr);
  g_option_context_add_group (context, gst_init_get_option_group ());
  GError *error = nullptr;
  bool parsed = g_option_context_parse (context, argc, argv, &error);
  g_option_context_free (context);
  if (!parsed)
    std::fprintf (stderr, "%s\n", error->message);
  bool complete = options.frames && options.caps && options.elements;
  if (parsed && !complete)
    std::fprintf (stderr, "--frames, --caps and elements have to be given\n");
  return parsed && complete;
}

// The frames, and the caps of what is pushed.
std::pair<std::vector<Frame>, std::string>
prepare (const Options &options)
{
  std::vector<Frame> frames;
  for (auto memory : load_frames (options.frames)) {
    frames.push_back (jpeg_frame (memory));
    gst_memory_unref (memory);
  }
  if (!options.payloader)
    return {std::move (frames), options.caps};

  Contender payloader (options.payloader, options.caps);
  FrameInput input (frames, false, false);
  for (auto &frame : frames) {
    frame.clear ();
    payloader.collected = &frame;
    payloader.push (input.capture ());
  }
  return {std::move (frames), payloader.output_caps ()};
}

} // namespace

int
main (int argc, char **argv)
{
  Options options;
  if (!parse_options (options, &argc, &argv))
    return 2;

  auto [frames, caps] = prepare (options);
  FrameInput input (
      std::move (frames), options.payloader != nullptr, options.lose != FALSE);
  std::vector<std::unique_ptr<Contender>> contenders;
  std::vector<Result> results;
  for (auto description = options.elements; *description; description++) {
    auto &result = results.emplace_back ();
    result.heap_before = allocations ().live_bytes;
    begin_peak ();
    contenders.push_back (
        std::make_unique<Contender> (*description, caps.c_str ()));
    for (gint i = 0; i < options.warm_up; i++)
      contenders.back ()->push (input.capture ());
    contenders.back ()->packets = 0;
  }

  if (options.fps > 0) {
    run_in_real_time (options, input, contenders, results);
  } else {
    for (gint round = 0; round < options.rounds; round++)
      for (std::size_t k = 0; k < contenders.size (); k++)
        run_round (options, input, *contenders[k], results[k]);
  }

  auto pushes = static_cast<guint64> (options.rounds) * options.pushes;
  for (std::size_t k = 0; k < contenders.size (); k++) {
    std::printf (k ? ",\n " : "[");
    print (*contenders[k], results[k], pushes);
  }
  std::printf ("]\n");

  contenders.clear ();
  g_free (options.frames);
  g_free (options.caps);
  g_free (options.payloader);
  g_strfreev (options.elements);
}

// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Pushes JPEG files, from a camera's few buffers, into elements, in turns and
// in one process, and prints as JSON what a frame cost in each: CPU time of the
// whole process, time from the buffer going in to the last packet coming out,
// and heap allocations if built to count them. An element is given as for
// gst-launch-1.0; the cost of the source is that of "none", which only takes
// the buffers.

#include "allocation_counter.h"
#include "frame_files.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string>
#include <thread>

namespace {

struct Options {
  gchar *frames = nullptr;
  gchar *caps = nullptr;
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

// A few buffers that are written in turn, as by the driver of a USB camera,
// which copies what comes in.
class CameraBuffers {
public:
  explicit CameraBuffers (const std::vector<GstMemory *> &frames)
      : frames_ (frames)
  {
    gsize largest = 0;
    for (auto frame : frames)
      largest = std::max (largest, gst_memory_get_sizes (frame, 0, 0));
    for (auto &buffer : buffers_)
      buffer.resize (largest);
  }

  GstBuffer *capture ()
  {
    auto frame = frames_[captured_ % frames_.size ()];
    auto &data = buffers_[captured_ % buffers_.size ()];
    GstMapInfo map;
    gst_memory_map (frame, &map, GST_MAP_READ);
    std::copy_n (map.data, map.size, data.data ());
    auto buffer = gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY,
        data.data (), data.size (), 0, map.size, nullptr, nullptr);
    gst_memory_unmap (frame, &map);
    GST_BUFFER_PTS (buffer) =
        gst_util_uint64_scale (captured_++, GST_SECOND, 30);
    return buffer;
  }

private:
  const std::vector<GstMemory *> &frames_;
  std::array<std::vector<std::uint8_t>, 4> buffers_;
  guint64 captured_ = 0;
};

// An element between a pad that pushes frames and one that drops packets.
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
    if (bin_) {
      gst_element_set_state (bin_, GST_STATE_NULL);
      gst_object_unref (bin_);
    }
    gst_object_unref (source_);
    gst_object_unref (sink_);
  }

  Contender (const Contender &) = delete;
  Contender &operator= (const Contender &) = delete;

  void push (GstBuffer *buffer)
  {
    if (gst_pad_push (source_, buffer) != GST_FLOW_OK)
      g_error ("%s refused a frame", description_.c_str ());
    if (ends_in_sink_)
      last_packet_time_ = microseconds (CLOCK_MONOTONIC);
  }

  const std::string &description () const { return description_; }
  double last_packet_time () const { return last_packet_time_; }

  guint64 packets = 0;

private:
  static void link (GstPad *from, GstPad *to)
  {
    if (gst_pad_link (from, to) != GST_PAD_LINK_OK)
      g_error ("no link to %s", GST_PAD_NAME (to));
  }

  void insert ()
  {
    GError *error = nullptr;
    bin_ = gst_parse_bin_from_description (description_.c_str (), TRUE, &error);
    if (!bin_)
      g_error ("%s", error->message);
    gst_object_ref_sink (bin_);

    auto in = gst_element_get_static_pad (bin_, "sink");
    auto out = gst_element_get_static_pad (bin_, "src");
    if (out) {
      link (out, sink_);
      gst_object_unref (out);
    }
    ends_in_sink_ = out == nullptr;
    if (gst_element_set_state (bin_, GST_STATE_PLAYING) ==
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
    gst_buffer_unref (buffer);
    return GST_FLOW_OK;
  }

  static GstFlowReturn take_list (GstPad *pad, GstObject *, GstBufferList *list)
  {
    auto self = static_cast<Contender *> (gst_pad_get_element_private (pad));
    self->packets += gst_buffer_list_length (list);
    self->last_packet_time_ = microseconds (CLOCK_MONOTONIC);
    gst_buffer_list_unref (list);
    return GST_FLOW_OK;
  }

  std::string description_;
  GstPad *source_;
  GstPad *sink_;
  GstElement *bin_ = nullptr;
  bool ends_in_sink_ = false;
  double last_packet_time_ = 0;
};

struct Result {
  std::vector<double> cpu;     // microseconds a frame, one value a round
  std::vector<double> latency; // microseconds, one value a frame
  guint64 allocation_count = 0;
  gint64 growth = 0; // bytes on the heap, from the first round's end on
};

} // namespace

// Callgrind is told to collect in here.
extern "C" void measured_push (Contender &contender, GstBuffer *buffer);

[[gnu::noinline]] void
measured_push (Contender &contender, GstBuffer *buffer)
{
  contender.push (buffer);
}

namespace {

void
run_round (const Options &options, CameraBuffers &camera, Contender &contender,
    Result &result)
{
  auto live_bytes = allocations ().live_bytes;
  double cpu = 0;

  for (gint i = 0; i < options.pushes; i++) {
    auto buffer = camera.capture ();
    auto count = allocations ().count;
    auto start = microseconds (CLOCK_PROCESS_CPUTIME_ID);
    measured_push (contender, buffer);
    cpu += microseconds (CLOCK_PROCESS_CPUTIME_ID) - start;
    result.allocation_count += allocations ().count - count;
  }

  if (!result.cpu.empty ())
    result.growth += allocations ().live_bytes - live_bytes;
  result.cpu.push_back (cpu / options.pushes);
}

// All contenders get a frame, then all wait for the time of the next.
void
run_in_real_time (const Options &options, CameraBuffers &camera,
    std::vector<std::unique_ptr<Contender>> &contenders,
    std::vector<Result> &results)
{
  auto next = std::chrono::steady_clock::now ();
  for (gint i = 0; i < options.rounds * options.pushes; i++) {
    next += std::chrono::nanoseconds (1'000'000'000 / options.fps);
    std::this_thread::sleep_until (next);
    for (std::size_t k = 0; k < contenders.size (); k++) {
      auto buffer = camera.capture ();
      auto cpu = microseconds (CLOCK_PROCESS_CPUTIME_ID);
      auto start = microseconds (CLOCK_MONOTONIC);
      measured_push (*contenders[k], buffer);
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
print (const Contender &contender, const Result &result, guint64 pushes)
{
  auto name = g_strescape (contender.description ().c_str (), nullptr);
  std::printf ("{\"element\": \"%s\"", name);
  g_free (name);
  print_numbers ("cpu_us", result.cpu);
  print_numbers ("latency_us", result.latency);
  if (counts_allocations)
    std::printf (", \"allocations\": %.2f, \"growth_bytes\": %" G_GINT64_FORMAT,
        static_cast<double> (result.allocation_count) /
            static_cast<double> (pushes),
        result.growth);
  std::printf (", \"packets\": %.2f}",
      static_cast<double> (contender.packets) / static_cast<double> (pushes));
}

bool
parse_options (Options &options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
      {"frames", 0, 0, G_OPTION_ARG_FILENAME, &options.frames,
          "Folder of the JPEG files", "DIRECTORY"},
      {"caps", 0, 0, G_OPTION_ARG_STRING, &options.caps, "What they are",
          "CAPS"},
      {"rounds", 0, 0, G_OPTION_ARG_INT, &options.rounds,
          "Turns of each element", "N"},
      {"pushes", 0, 0, G_OPTION_ARG_INT, &options.pushes, "Frames a turn", "N"},
      {"warm-up", 0, 0, G_OPTION_ARG_INT, &options.warm_up,
          "Frames before that", "N"},
      {"fps", 0, 0, G_OPTION_ARG_INT, &options.fps,
          "Push so many frames a second, else flat out", "N"},
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

} // namespace

int
main (int argc, char **argv)
{
  Options options;
  if (!parse_options (options, &argc, &argv))
    return 2;

  auto frames = load_frames (options.frames);
  CameraBuffers camera (frames);
  std::vector<std::unique_ptr<Contender>> contenders;
  for (auto description = options.elements; *description; description++) {
    contenders.push_back (
        std::make_unique<Contender> (*description, options.caps));
    for (gint i = 0; i < options.warm_up; i++)
      contenders.back ()->push (camera.capture ());
    contenders.back ()->packets = 0;
  }

  std::vector<Result> results (contenders.size ());
  if (options.fps > 0) {
    run_in_real_time (options, camera, contenders, results);
  } else {
    for (gint round = 0; round < options.rounds; round++)
      for (std::size_t k = 0; k < contenders.size (); k++)
        run_round (options, camera, *contenders[k], results[k]);
  }

  auto pushes = static_cast<guint64> (options.rounds) * options.pushes;
  for (std::size_t k = 0; k < contenders.size (); k++) {
    std::printf (k ? ",\n " : "[");
    print (*contenders[k], results[k], pushes);
  }
  std::printf ("]\n");

  contenders.clear ();
  for (auto frame : frames)
    gst_memory_unref (frame);
  g_free (options.frames);
  g_free (options.caps);
  g_strfreev (options.elements);
}

// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// soak SECONDS
//
// A camera that breaks one frame in fifty and changes its size, through
// rfc2435pay and udpgsosink to receivers on loopback that come and go, each an
// rfc2435depay behind a link that loses, repeats and reorders packets. Frames
// and packets must add up to the last one at both ends, and memory must not
// grow. Everything runs in one thread, so that it is known at every moment
// which receiver must have received what.

#include "allocations.h"
#include "fail.h"
#include "lossy_receiver.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gst/app/gstappsink.h>
#include <gst/gst.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Picture = std::vector<std::uint8_t>;

constexpr unsigned frames_per_second = 30;
constexpr unsigned broken_one_in = 50;
constexpr unsigned max_receivers = 4;
// Growth at this rate would fill the memory of a small machine in weeks.
constexpr double max_slope = 100; // KiB per minute

// The pictures that a camera of this size sends.
std::vector<Picture>
record (int width, int height)
{
  std::vector<Picture> pictures;
  auto description =
      "videotestsrc num-buffers=10 horizontal-speed=3 ! video/x-raw,format="
      "I420,width=" +
      std::to_string (width) + ",height=" + std::to_string (height) +
      " ! jpegenc ! appsink name=sink sync=false";
  auto pipeline = gst_parse_launch (description.c_str (), nullptr);
  auto sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (auto sample = gst_app_sink_pull_sample (GST_APP_SINK (sink))) {
    auto buffer = gst_sample_get_buffer (sample);
    Picture picture (gst_buffer_get_size (buffer));
    gst_buffer_extract (buffer, 0, picture.data (), picture.size ());
    pictures.push_back (std::move (picture));
    gst_sample_unref (sample);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
  if (pictures.size () != 10)
    fail ("no pictures from videotestsrc and jpegenc");
  return pictures;
}

// A destination and, unless it is away, the socket that listens there.
class Receiver {
public:
  explicit Receiver (unsigned seed) : seed_ (seed) { listen (); }
  ~Receiver () { leave (); }
  Receiver (const Receiver &) = delete;
  Receiver &operator= (const Receiver &) = delete;

  bool is_there () const { return fd_ >= 0; }
  int port () const { return port_; }
  guint64 received = 0;
  // Packets sent while nobody listened
  guint64 refused = 0;
  LossyReceiver::Totals totals;

  void listen ()
  {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    int buffer = 8 << 20;

    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    address.sin_port = htons (static_cast<in_port_t> (port_));
    fd_ = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    setsockopt (fd_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (bind (fd_, reinterpret_cast<sockaddr *> (&address), size) < 0)
      fail ("can't bind to port " + std::to_string (port_));
    getsockname (fd_, reinterpret_cast<sockaddr *> (&address), &size);
    port_ = ntohs (address.sin_port);
    link_ = std::make_unique<LossyReceiver> (seed_++);
  }

  void leave ()
  {
    if (fd_ < 0)
      return;
    close (fd_);
    fd_ = -1;
    totals.add (link_->finish ());
    link_.reset ();
  }

  void drain ()
  {
    static std::uint8_t bytes[65536];
    ssize_t size;
    while (fd_ >= 0 && (size = recv (fd_, bytes, sizeof bytes, 0)) >= 0) {
      received++;
      link_->receive ({bytes, static_cast<std::size_t> (size)});
    }
  }

private:
  int fd_ = -1;
  int port_ = 0;
  unsigned seed_;
  std::unique_ptr<LossyReceiver> link_; // while it listens
};

// The regression line through measurements.
class Trend {
public:
  void add (double x, double y)
  {
    n_++;
    x_ += x;
    y_ += y;
    xx_ += x * x;
    xy_ += x * y;
  }
  double slope () const
  {
    auto spread = n_ * xx_ - x_ * x_;
    return spread > 0 ? (n_ * xy_ - x_ * y_) / spread : 0;
  }

private:
  double n_ = 0, x_ = 0, y_ = 0, xx_ = 0, xy_ = 0;
};

double
resident_kib ()
{
  long total = 0, resident = 0;
  std::ifstream ("/proc/self/statm") >> total >> resident;
  return static_cast<double> (resident * sysconf (_SC_PAGESIZE)) / 1024;
}

class Soak {
public:
  Soak ();
  ~Soak ();
  Soak (const Soak &) = delete;
  Soak &operator= (const Soak &) = delete;

  void run (unsigned seconds);

private:
  void set_caps ();
  void push_frame ();
  void break_picture (Picture &picture);
  void change_receivers ();
  void drain ();
  void settle (Receiver &receiver);
  void add_receiver ();
  void remove_receiver (std::size_t which);
  guint64 sink_stat (const char *field);
  void sample_memory (double minute);
  void report (unsigned seconds);

  unsigned random (unsigned below) { return random_ () % below; }

  std::minstd_rand random_{1};
  std::vector<std::vector<Picture>> sizes_;
  std::vector<Picture> *pictures_ = nullptr;
  GstElement *pipeline_, *pay_, *sink_;
  GstPad *source_;
  std::vector<std::unique_ptr<Receiver>> receivers_;

  guint64 frames_ = 0, broken_ = 0, size_changes_ = 0;
  guint64 joins_ = 0, leaves_ = 0, received_ = 0, refused_ = 0;
  guint64 warnings_ = 0;
  LossyReceiver::Totals totals_;
  Trend resident_, allocations_;
};

gboolean
answer_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return gst_pad_query_default (pad, parent, query);
  gst_query_set_latency (query, TRUE, 0, GST_CLOCK_TIME_NONE); // a live source
  return TRUE;
}

Soak::Soak ()
{
  for (auto [width, height] : {std::pair{640, 480}, {1280, 720}, {176, 144}})
    sizes_.push_back (record (width, height));
  pictures_ = &sizes_.front ();

  pipeline_ = gst_parse_launch ("rfc2435pay name=pay ! udpgsosink name=sink "
                                "clients=\"\" sync=false async=false",
      nullptr);
  if (!pipeline_)
    fail ("no rfc2435pay or no udpgsosink");
  pay_ = gst_bin_get_by_name (GST_BIN (pipeline_), "pay");
  sink_ = gst_bin_get_by_name (GST_BIN (pipeline_), "sink");
  source_ = gst_pad_new ("src", GST_PAD_SRC);
  gst_pad_set_query_function (source_, answer_query);
  auto pad = gst_element_get_static_pad (pay_, "sink");
  // The elements are in no bin, to which the checks of hierarchy would object.
  gst_pad_link_full (source_, pad, GST_PAD_LINK_CHECK_NOTHING);
  gst_object_unref (pad);
  gst_pad_set_active (source_, TRUE);
  gst_element_set_state (pipeline_, GST_STATE_PLAYING);

  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (source_, gst_event_new_stream_start ("camera"));
  set_caps ();
  gst_pad_push_event (source_, gst_event_new_segment (&segment));
}

Soak::~Soak ()
{
  gst_element_set_state (pipeline_, GST_STATE_NULL);
  gst_pad_set_active (source_, FALSE);
  gst_object_unref (source_);
  gst_object_unref (pay_);
  gst_object_unref (sink_);
  gst_object_unref (pipeline_);
}

void
Soak::set_caps ()
{
  auto caps = gst_caps_new_simple ("image/jpeg", "framerate", GST_TYPE_FRACTION,
      static_cast<int> (frames_per_second), 1, nullptr);
  gst_pad_push_event (source_, gst_event_new_caps (caps));
  gst_caps_unref (caps);
}

// Breaks a frame as cables, hubs and firmware do.
void
Soak::break_picture (Picture &picture)
{
  auto size = static_cast<unsigned> (picture.size ());
  auto at = random (size);

  switch (random (6)) {
  case 0:
    picture.resize (at);
    break;
  case 1:
    picture.clear ();
    break;
  case 2:
    for (unsigned i = 0; i < 20; i++)
      picture[random (size)] ^= static_cast<std::uint8_t> (1 << random (8));
    break;
  case 3: // in the header
    picture[random (std::min (size, 620u))] =
        static_cast<std::uint8_t> (random (256));
    break;
  case 4: // a USB packet is missing
    picture.erase (
        picture.begin () + at, picture.begin () + std::min (size, at + 1024));
    break;
  case 5: // the rest is that of another frame
    std::copy (picture.begin (), picture.begin () + size / 2,
        picture.begin () + size / 2);
    break;
  }
}

void
Soak::push_frame ()
{
  auto picture = (*pictures_)[frames_ % pictures_->size ()];
  if (random (broken_one_in) == 0) {
    break_picture (picture);
    broken_++;
  }
  auto buffer = gst_buffer_new_allocate (nullptr, picture.size (), nullptr);
  gst_buffer_fill (buffer, 0, picture.data (), picture.size ());
  GST_BUFFER_PTS (buffer) = gst_element_get_current_running_time (pipeline_);
  frames_++;
  if (auto flow = gst_pad_push (source_, buffer); flow != GST_FLOW_OK)
    fail (std::string ("the stream ended: ") + gst_flow_get_name (flow));
}

void
Soak::drain ()
{
  for (auto &receiver : receivers_)
    receiver->drain ();
}

// Packets sent there must have been received, or sent while nobody listened.
void
Soak::settle (Receiver &receiver)
{
  GstStructure *stats;
  guint64 sent, failed;

  receiver.drain ();
  g_signal_emit_by_name (
      sink_, "get-stats", "127.0.0.1", receiver.port (), &stats);
  gst_structure_get_uint64 (stats, "packets-sent", &sent);
  gst_structure_get_uint64 (stats, "packets-failed", &failed);
  gst_structure_free (stats);
  if (!receiver.is_there ())
    receiver.refused = sent - receiver.received;
  if (sent != receiver.received + receiver.refused)
    fail (std::to_string (sent) + " packets sent to port " +
          std::to_string (receiver.port ()) + ", " +
          std::to_string (receiver.received) + " received, " +
          std::to_string (receiver.refused) + " sent while it was closed");
}

void
Soak::add_receiver ()
{
  receivers_.push_back (
      std::make_unique<Receiver> (static_cast<unsigned> (joins_) << 16));
  g_signal_emit_by_name (
      sink_, "add", "127.0.0.1", receivers_.back ()->port ());
  joins_++;
}

void
Soak::remove_receiver (std::size_t which)
{
  auto &receiver = *receivers_[which];
  settle (receiver);
  g_signal_emit_by_name (sink_, "remove", "127.0.0.1", receiver.port ());
  receiver.leave ();
  received_ += receiver.received;
  totals_.add (receiver.totals);
  refused_ += receiver.refused;
  receivers_.erase (receivers_.begin () + static_cast<std::ptrdiff_t> (which));
}

void
Soak::change_receivers ()
{
  if (receivers_.empty () ||
      (receivers_.size () < max_receivers && random (3) == 0)) {
    add_receiver ();
    return;
  }
  auto which = random (static_cast<unsigned> (receivers_.size ()));
  auto &receiver = *receivers_[which];
  if (random (3) == 0) {
    remove_receiver (which);
    return;
  }
  settle (receiver);
  if (receiver.is_there ()) {
    receiver.leave ();
    leaves_++;
  } else {
    receiver.listen ();
  }
}

guint64
Soak::sink_stat (const char *field)
{
  GstStructure *stats;
  guint64 value = 0;
  g_object_get (sink_, "stats", &stats, nullptr);
  gst_structure_get_uint64 (stats, field, &value);
  gst_structure_free (stats);
  return value;
}

void
Soak::sample_memory (double minute)
{
  resident_.add (minute, resident_kib ());
  allocations_.add (minute, static_cast<double> (live_allocations ()));
}

void
Soak::run (unsigned seconds)
{
  auto count = std::uint64_t{seconds} * frames_per_second;
  auto begin = g_get_monotonic_time ();

  while (frames_ < count) {
    auto due = begin + static_cast<gint64> (
                           frames_ * G_USEC_PER_SEC / frames_per_second);
    g_usleep (static_cast<gulong> (
        std::max<gint64> (due - g_get_monotonic_time (), 0)));
    push_frame ();
    drain ();
    if (frames_ % 10 == 0)
      change_receivers ();
    if (frames_ % (10 * frames_per_second) == 0) {
      pictures_ = &sizes_[random (static_cast<unsigned> (sizes_.size ()))];
      set_caps ();
      gst_util_set_object_arg (G_OBJECT (pay_), "error-resilience",
          std::array{"none", "markers", "chunks"}[random (3)]);
      size_changes_++;
    }
    // Once all memory has been needed
    if (frames_ > count / 5 && frames_ % frames_per_second == 0)
      sample_memory (static_cast<double> (frames_) / frames_per_second / 60);

    auto bus = gst_element_get_bus (pipeline_);
    while (auto message = gst_bus_pop (bus)) {
      warnings_ += GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING;
      if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
        fail ("an element posted an error");
      gst_message_unref (message);
    }
    gst_object_unref (bus);
  }
  report (seconds);
}

void
Soak::report (unsigned seconds)
{
  while (!receivers_.empty ())
    remove_receiver (0);

  GstStructure *stats, *causes;
  guint64 in, sent, dropped, recoded;
  g_object_get (pay_, "frame-stats", &stats, nullptr);
  gst_structure_get (stats, "frames-in", G_TYPE_UINT64, &in, "frames-out",
      G_TYPE_UINT64, &sent, "frames-dropped", G_TYPE_UINT64, &dropped,
      "frames-recoded", G_TYPE_UINT64, &recoded, "dropped", GST_TYPE_STRUCTURE,
      &causes, nullptr);
  auto text = gst_structure_to_string (causes);
  auto packets = sink_stat ("packets-sent"),
       failed = sink_stat ("packets-failed");

  std::printf ("%u seconds, %" G_GUINT64_FORMAT " size changes\n", seconds,
      size_changes_);
  std::printf ("frames: %" G_GUINT64_FORMAT " in (%" G_GUINT64_FORMAT
               " broken), %" G_GUINT64_FORMAT " sent (%" G_GUINT64_FORMAT
               " recoded), %" G_GUINT64_FORMAT " %s\n",
      in, broken_, sent, recoded, dropped, text);
  std::printf ("receivers: %" G_GUINT64_FORMAT " added, %" G_GUINT64_FORMAT
               " times one went away; %" G_GUINT64_FORMAT " warnings\n",
      joins_, leaves_, warnings_);
  std::printf ("packets: %" G_GUINT64_FORMAT " sent, %" G_GUINT64_FORMAT
               " received, %" G_GUINT64_FORMAT
               " to closed ports; %" G_GUINT64_FORMAT " failed\n",
      packets, received_, refused_, failed);
  std::printf (
      "links: %" G_GUINT64_FORMAT " sessions, %" G_GUINT64_FORMAT
      " packets lost, %" G_GUINT64_FORMAT " repeated, %" G_GUINT64_FORMAT
      " overtaken; frames: %" G_GUINT64_FORMAT " intact, %" G_GUINT64_FORMAT
      " concealed, %" G_GUINT64_FORMAT " dropped\n",
      totals_.sessions, totals_.lost, totals_.repeated, totals_.overtaken,
      totals_.intact, totals_.concealed, totals_.dropped);
  std::printf (
      "memory: %.0f KiB resident, %+.1f KiB a minute; %" G_GINT64_FORMAT
      " allocations, %+.1f a minute\n",
      resident_kib (), resident_.slope (), live_allocations (),
      allocations_.slope ());
  g_free (text);
  gst_structure_free (causes);
  gst_structure_free (stats);

  if (in != frames_ || in != sent + dropped)
    fail ("frames don't add up");
  if (packets != received_ + refused_ || failed != 0)
    fail ("packets don't add up");
  if (received_ == 0 || broken_ == 0 || dropped == 0 || totals_.lost == 0 ||
      totals_.overtaken == 0 || totals_.repeated == 0 || totals_.intact == 0 ||
      totals_.concealed == 0)
    fail ("nothing was tried");
  // A few minutes say little.
  if (seconds >= 300 && resident_.slope () > max_slope)
    fail ("memory grows");
}

} // namespace

void
fail (const std::string &text)
{
  std::printf ("FAILED: %s\n", text.c_str ());
  std::exit (1);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  auto seconds = argc > 1 ? std::atoi (argv[1]) : 0;
  if (seconds < 1) {
    std::fprintf (stderr, "usage: soak SECONDS\n");
    return 2;
  }
  setvbuf (stdout, nullptr, _IOLBF, 0);
  Soak ().run (static_cast<unsigned> (seconds));
  return 0;
}

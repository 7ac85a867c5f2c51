// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "capture_formats.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace v4l2mjpeg {

namespace {

// The formats that v4l2src maps to image/jpeg, and to those of
// encodable_caps().
constexpr std::uint32_t jpeg_formats[] = {
    V4L2_PIX_FMT_MJPEG, V4L2_PIX_FMT_JPEG, V4L2_PIX_FMT_PJPG};
constexpr std::uint32_t raw_formats[] = {V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_UYVY,
    V4L2_PIX_FMT_YVYU, V4L2_PIX_FMT_YUV422P, V4L2_PIX_FMT_YUV420,
    V4L2_PIX_FMT_YUV420M, V4L2_PIX_FMT_YVU420, V4L2_PIX_FMT_YVU420M,
    V4L2_PIX_FMT_NV12, V4L2_PIX_FMT_NV12M, V4L2_PIX_FMT_NV21,
    V4L2_PIX_FMT_NV21M};

template <typename List>
bool
contains (const List &list, std::uint32_t format)
{
  return std::find (std::begin (list), std::end (list), format) !=
         std::end (list);
}

template <std::size_t size>
std::string
text_of (const __u8 (&bytes)[size])
{
  auto end = std::find (bytes, bytes + size, __u8{0});
  return {bytes, end};
}

std::optional<CaptureFormats>
ask (int fd)
{
  v4l2_capability capability = {};
  if (ioctl (fd, VIDIOC_QUERYCAP, &capability) != 0)
    return {};
  auto can = capability.capabilities & V4L2_CAP_DEVICE_CAPS
                 ? capability.device_caps
                 : capability.capabilities;
  constexpr auto output = V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_VIDEO_OUTPUT_MPLANE |
                          V4L2_CAP_VIDEO_M2M | V4L2_CAP_VIDEO_M2M_MPLANE;
  if (can & (output | V4L2_CAP_TOUCH))
    return {};

  CaptureFormats formats = {.card = text_of (capability.card),
      .bus_info = text_of (capability.bus_info)};
  bool any = false;
  auto list = [&] (__u32 type) {
    v4l2_fmtdesc format = {};
    format.type = type;
    for (; ioctl (fd, VIDIOC_ENUM_FMT, &format) == 0; format.index++) {
      any = true;
      formats.mjpeg |= contains (jpeg_formats, format.pixelformat);
      formats.raw |= contains (raw_formats, format.pixelformat);
    }
  };
  if (can & V4L2_CAP_VIDEO_CAPTURE)
    list (V4L2_BUF_TYPE_VIDEO_CAPTURE);
  if (can & V4L2_CAP_VIDEO_CAPTURE_MPLANE)
    list (V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE);
  if (!any)
    return {};
  return formats;
}

} // namespace

std::optional<CaptureFormats>
read_capture_formats (const std::string &path)
{
  int fd = open (path.c_str (), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0)
    return {};
  auto formats = ask (fd);
  close (fd);
  return formats;
}

std::vector<Candidate>
list_candidates (const std::string &extra_path)
{
  std::vector<Candidate> candidates;
  auto nodes = list_video_nodes (extra_path);
  bool known = !nodes.empty ();
  if (!known)
    nodes = list_device_files ();
  for (auto &node : nodes) {
    auto formats = read_capture_formats (node.path);
    if (!formats)
      continue;
    if (!known) {
      node.name = formats->card;
      node.bus = formats->bus_info;
    }
    candidates.push_back ({.camera = std::move (node),
        .bus_info = formats->bus_info,
        .mjpeg = formats->mjpeg,
        .raw = formats->raw});
  }
  return candidates;
}

std::vector<Camera>
list_present (const std::string &extra_path)
{
  auto nodes = list_video_nodes (extra_path);
  if (nodes.empty ())
    for (auto &candidate : list_candidates (extra_path))
      nodes.push_back (std::move (candidate.camera));
  return nodes;
}

} // namespace v4l2mjpeg

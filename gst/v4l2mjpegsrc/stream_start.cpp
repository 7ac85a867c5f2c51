// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stream_start.h"

#include <cerrno>

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace v4l2mjpeg {

namespace {

int
try_to_stream (int fd, const Mode &mode)
{
  v4l2_format format = {};
  format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  format.fmt.pix.width = static_cast<unsigned> (mode.width);
  format.fmt.pix.height = static_cast<unsigned> (mode.height);
  format.fmt.pix.pixelformat = V4L2_PIX_FMT_MJPEG;
  if (ioctl (fd, VIDIOC_S_FMT, &format) != 0)
    return errno;

  v4l2_streamparm parameters = {};
  parameters.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  parameters.parm.capture.timeperframe = {
      static_cast<unsigned> (mode.rate.denominator),
      static_cast<unsigned> (mode.rate.numerator)};
  if (ioctl (fd, VIDIOC_S_PARM, &parameters) != 0)
    return errno;

  v4l2_requestbuffers buffers = {};
  buffers.count = 2;
  buffers.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  buffers.memory = V4L2_MEMORY_MMAP;
  if (ioctl (fd, VIDIOC_REQBUFS, &buffers) != 0)
    return errno;

  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  return ioctl (fd, VIDIOC_STREAMON, &type) == 0 ? 0 : errno;
}

} // namespace

int
stream_start_error (const std::string &path, const Mode &mode)
{
  int fd = open (path.c_str (), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0)
    return errno;
  int error = try_to_stream (fd, mode);
  close (fd);
  return error;
}

} // namespace v4l2mjpeg

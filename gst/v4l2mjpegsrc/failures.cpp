// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// Why a camera fails, in the user's terms.
#include "config.h"

#include "device_users.h"
#include "private.h"
#include "stream_start.h"

#include <cerrno>
#include <cstring>

#define GST_CAT_DEFAULT v4l2mjpegsrc_debug

namespace v4l2mjpeg {

namespace {

// Moves the source's own text to the details.
void
replace_text (Failure &failure, int code, const std::string &text)
{
  failure.debug =
      failure.text + (failure.debug.empty () ? "" : " (" + failure.debug + ")");
  failure.domain = GST_RESOURCE_ERROR;
  failure.code = code;
  failure.text = text;
}

void
explain_busy (const Camera &camera, Failure &failure)
{
  auto users = users_of_device (camera.number);
  replace_text (failure, GST_RESOURCE_ERROR_BUSY,
      "The camera " + describe (camera) + " is busy" +
          (users.empty () ? "." : ": it is used by " + users + "."));
}

void
explain_bandwidth (
    GstV4l2MjpegSrcPrivate *priv, const Camera &camera, Failure &failure)
{
  if (!priv->mode || priv->encoding)
    return;
  auto error = stream_start_error (camera.path, *priv->mode);
  GST_DEBUG ("starting to stream: %s", g_strerror (error));
  if (error == EBUSY)
    explain_busy (camera, failure);
  if (error == ENOSPC)
    replace_text (failure, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
        "There is not enough USB bandwidth for " + describe (*priv->mode) +
            ". Plug the camera into another port, or choose a smaller mode: " +
            describe (smaller_modes (priv->modes, *priv->mode)) + ".");
}

} // namespace

void
explain_failure (GstV4l2MjpegSrc *self, Failure &failure, bool was_flowing)
{
  auto priv = self->priv;
  if (!priv->source_is_v4l2src || !priv->candidate)
    return;
  const auto &camera = priv->candidate->camera;
  bool not_found = failure.domain == GST_RESOURCE_ERROR &&
                   failure.code == GST_RESOURCE_ERROR_NOT_FOUND;
  if (!is_still_there (priv)) {
    if (!not_found)
      replace_text (failure, GST_RESOURCE_ERROR_NOT_FOUND,
          "The camera " + describe (camera) + " was unplugged.");
  } else if (failure.domain == GST_RESOURCE_ERROR &&
             failure.code == GST_RESOURCE_ERROR_BUSY) {
    explain_busy (camera, failure);
  } else if (!was_flowing) {
    explain_bandwidth (priv, camera, failure);
  }
}

} // namespace v4l2mjpeg

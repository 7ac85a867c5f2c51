// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <unistd.h>

#include <gst/gst.h>

namespace {

struct Unref {
  void operator() (gpointer object) const { gst_object_unref (object); }
};

struct FreeCaps {
  void operator() (GstCaps *caps) const { gst_caps_unref (caps); }
};

struct FreeDevices {
  void operator() (GList *devices) const
  {
    g_list_free_full (devices, gst_object_unref);
  }
};

bool
element_exists (const char *name)
{
  std::unique_ptr<GstElementFactory, Unref> found (
      gst_element_factory_find (name));
  return found != nullptr;
}

bool
gives (GstDevice *device, const char *wanted)
{
  std::unique_ptr<GstCaps, FreeCaps> given (gst_device_get_caps (device));
  std::unique_ptr<GstCaps, FreeCaps> accepted (gst_caps_from_string (wanted));
  return given && gst_caps_can_intersect (given.get (), accepted.get ());
}

std::string
path_of (GstDevice *device)
{
  std::unique_ptr<GstStructure, decltype (&gst_structure_free)> properties (
      gst_device_get_properties (device), gst_structure_free);
  const char *path =
      properties ? gst_structure_get_string (properties.get (), "device.path")
                 : nullptr;
  return path ? path : "";
}

void
tell_of_closed_devices ()
{
  std::error_code none;
  for (const auto &entry : std::filesystem::directory_iterator ("/dev", none)) {
    const std::string path = entry.path ();
    if (path.starts_with ("/dev/video") &&
        access (path.c_str (), R_OK | W_OK) != 0)
      std::printf ("%s can't be opened by this user, who may not be in the "
                   "group 'video'.\n",
          path.c_str ());
  }
}

} // namespace

std::optional<Source>
find_camera ()
{
  // v4l2mjpegsrc also accepts cameras without JPEG, and encodes their pictures.
  const bool has_mjpegsrc = element_exists ("v4l2mjpegsrc");
  const char *wanted = has_mjpegsrc ? "image/jpeg; video/x-raw" : "image/jpeg";

  std::unique_ptr<GstDeviceProvider, Unref> provider (
      gst_device_provider_factory_get_by_name ("v4l2deviceprovider"));
  std::unique_ptr<GList, FreeDevices> devices (
      provider ? gst_device_provider_get_devices (provider.get ()) : nullptr);
  for (GList *item = devices.get (); item; item = item->next) {
    auto *device = static_cast<GstDevice *> (item->data);
    const std::string path = path_of (device);
    if (path.empty () || !gst_device_has_classes (device, "Video/Source") ||
        !gives (device, wanted))
      continue;
    std::unique_ptr<char, decltype (&g_free)> name (
        gst_device_get_display_name (device), g_free);
    const std::string source = has_mjpegsrc
                                   ? "v4l2mjpegsrc device=" + path
                                   : "v4l2src device=" + path + " ! image/jpeg";
    return Source{
        "the camera " + std::string (name.get ()) + ", " + path, source, true};
  }
  tell_of_closed_devices ();
  return std::nullopt;
}

Source
test_picture ()
{
  // About 66 kB per frame: even the kernel's default socket buffer, 208 kB,
  // holds a frame that arrives in one burst.
  return {"a test picture",
      "videotestsrc is-live=true horizontal-speed=4 "
      "! video/x-raw,format=I420,width=1280,height=720,framerate=30/1 "
      "! jpegenc quality=85",
      false};
}

// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "options.h"

#include "config.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <gio/gio.h>
#include <gst/gst.h>

namespace {

[[noreturn]] void
refuse (const std::string &why)
{
  std::fprintf (stderr,
      "rfc2435-rtsp-camera: %s\nTry rfc2435-rtsp-camera --help.\n",
      why.c_str ());
  std::exit (2);
}

/// Filled in by GOption.
struct Raw {
  gchar *address = nullptr;
  gchar *port = nullptr;
  gchar **cameras = nullptr;
  gchar **mounts = nullptr;
  gchar *source = nullptr;
  gboolean test_picture = FALSE;
  gint width = 0;
  gint height = 0;
  gchar *framerate = nullptr;
  gchar *max_bitrate = nullptr;
  gchar *error_resilience = nullptr;
  gchar **payloader = nullptr;
  gchar *multicast = nullptr;
  gchar *user = nullptr;
  gchar *password = nullptr;
  gchar *password_file = nullptr;
  gboolean keep_open = FALSE;
  gboolean stats = FALSE;
  gboolean version = FALSE;

  ~Raw ()
  {
    for (gchar *text : {address, port, source, framerate, max_bitrate,
             error_resilience, multicast, user, password, password_file})
      g_free (text);
    for (gchar **list : {cameras, mounts, payloader})
      g_strfreev (list);
  }
};

void
set (std::string &option, const gchar *given)
{
  if (given)
    option = given;
}

std::vector<std::string>
list_of (gchar **given)
{
  std::vector<std::string> list;
  for (; given && *given; given++)
    list.emplace_back (*given);
  return list;
}

/// The first line of the file: editors add a newline, some a carriage return.
std::string
read_password (const gchar *file)
{
  gchar *text = nullptr;
  GError *error = nullptr;
  if (!g_file_get_contents (file, &text, nullptr, &error))
    refuse (error->message);
  std::string password = text;
  g_free (text);
  password.erase (std::min (password.find_first_of ("\r\n"), password.size ()));
  if (password.empty ())
    refuse (std::string (file) + " has no password in its first line");
  return password;
}

bool
is_port (const std::string &text)
{
  char *end = nullptr;
  const long number = std::strtol (text.c_str (), &end, 10);
  return !text.empty () && *end == '\0' && number >= 0 && number < 65536;
}

bool
is_multicast (const std::string &text)
{
  GInetAddress *address = g_inet_address_new_from_string (text.c_str ());
  const bool good = address && g_inet_address_get_is_multicast (address);
  g_clear_object (&address);
  return good;
}

// One for each camera: /camera, /camera2, ...
void
complete_mounts (Options &options)
{
  if (options.cameras.empty ())
    options.cameras.emplace_back ();
  if (options.mounts.size () > options.cameras.size ()) {
    // The same source, or the next camera that is free
    if (options.source.empty () && !options.test_picture)
      refuse ("there are more mounts than cameras");
    options.cameras.resize (options.mounts.size ());
  }
  for (std::size_t i = options.mounts.size (); i < options.cameras.size (); i++)
    options.mounts.push_back (
        i == 0 ? "/camera" : "/camera" + std::to_string (i + 1));
  for (std::size_t i = 0; i < options.mounts.size (); i++) {
    if (options.mounts[i].empty () || options.mounts[i][0] != '/')
      options.mounts[i].insert (0, 1, '/');
    if (options.mounts[i].find_first_of (" %?#") != std::string::npos)
      refuse ("the mount " + options.mounts[i] +
              " contains a character that a path in a URL can't");
    for (std::size_t k = 0; k < i; k++)
      if (options.mounts[i] == options.mounts[k])
        refuse ("two cameras have the mount " + options.mounts[i]);
  }
}

} // namespace

Options
parse_options (int argc, char **argv)
{
  Raw raw;
  const GOptionEntry entries[] = {
      {"camera", 'c', 0, G_OPTION_ARG_STRING_ARRAY, &raw.cameras,
          "Serial number, position on the bus, or name of the camera (default: "
          "the first one). May be repeated: each camera gets its own mount",
          "CAMERA"},
      {"mount", 'm', 0, G_OPTION_ARG_STRING_ARRAY, &raw.mounts,
          "Path in the URL (default /camera, /camera2, ...). May be repeated",
          "PATH"},
      {"port", 'p', 0, G_OPTION_ARG_STRING, &raw.port,
          "TCP port to listen on (default 8554); 0 for any free port", "PORT"},
      {"address", 0, 0, G_OPTION_ARG_STRING, &raw.address,
          "Address to listen on (default 0.0.0.0; :: for IPv6 as well)",
          "ADDRESS"},
      {"width", 0, 0, G_OPTION_ARG_INT, &raw.width,
          "Width of the picture (default: the camera's best)", "PIXELS"},
      {"height", 0, 0, G_OPTION_ARG_INT, &raw.height, "Height of the picture",
          "PIXELS"},
      {"framerate", 0, 0, G_OPTION_ARG_STRING, &raw.framerate,
          "Frames per second, as a number or a fraction", "RATE"},
      {"max-bitrate", 0, 0, G_OPTION_ARG_STRING, &raw.max_bitrate,
          "Limit of the bit rate in bit/s (property of rfc2435pay)", "BITRATE"},
      {"error-resilience", 0, 0, G_OPTION_ARG_STRING, &raw.error_resilience,
          "none, markers or chunks: make a lost packet cost only a strip of "
          "the "
          "picture (property of rfc2435pay)",
          "MODE"},
      {"payloader", 0, 0, G_OPTION_ARG_STRING_ARRAY, &raw.payloader,
          "Any other property of rfc2435pay. May be repeated",
          "PROPERTY=VALUE"},
      {"multicast", 0, 0, G_OPTION_ARG_STRING, &raw.multicast,
          "First of 256 multicast groups for clients that request multicast "
          "(default 239.24.35.0)",
          "GROUP"},
      {"user", 0, 0, G_OPTION_ARG_STRING, &raw.user,
          "User name that clients must give (default: no authentication)",
          "NAME"},
      {"password", 0, 0, G_OPTION_ARG_STRING, &raw.password,
          "Password that clients must give; visible to other users of this "
          "machine",
          "PASSWORD"},
      {"password-file", 0, 0, G_OPTION_ARG_FILENAME, &raw.password_file,
          "File with the password in its first line", "FILE"},
      {"keep-open", 0, 0, G_OPTION_ARG_NONE, &raw.keep_open,
          "Keep cameras open when no clients are left", nullptr},
      {"test-picture", 0, 0, G_OPTION_ARG_NONE, &raw.test_picture,
          "A moving test picture instead of a camera", nullptr},
      {"source", 0, 0, G_OPTION_ARG_STRING, &raw.source,
          "Elements that produce image/jpeg, instead of a camera, in "
          "gst-launch-1.0 syntax",
          "ELEMENTS"},
      {"stats", 0, 0, G_OPTION_ARG_NONE, &raw.stats,
          "Print a line of statistics per second", nullptr},
      {"version", 0, 0, G_OPTION_ARG_NONE, &raw.version, "Print the version",
          nullptr},
      {},
  };
  GOptionContext *context =
      g_option_context_new ("- serve Motion JPEG cameras over RTSP (RFC 2435)");
  g_option_context_set_description (context,
      "Any number of clients can connect over UDP, TCP or multicast. A camera "
      "is\nopened for the first client and closed after the last. When it is "
      "unplugged,\nclients stay connected, and get its pictures again when it "
      "is back.\n\n"
      "  rfc2435-rtsp-camera --camera=C920 --width=1280 --height=720\n"
      "  ffplay rtsp://localhost:8554/camera\n");
  g_option_context_add_main_entries (context, entries, nullptr);
  g_option_context_add_group (context, gst_init_get_option_group ());
  GError *error = nullptr;
  if (!g_option_context_parse (context, &argc, &argv, &error))
    refuse (error->message);
  g_option_context_free (context);
  if (argc > 1)
    refuse ("unexpected: " + std::string (argv[1]));
  if (raw.version) {
    std::printf ("rfc2435-rtsp-camera %s\n", VERSION);
    std::exit (0);
  }

  Options options;
  set (options.address, raw.address);
  set (options.port, raw.port);
  set (options.source, raw.source);
  set (options.framerate, raw.framerate);
  set (options.multicast, raw.multicast);
  set (options.user, raw.user);
  set (options.password, raw.password);
  options.cameras = list_of (raw.cameras);
  options.mounts = list_of (raw.mounts);
  options.test_picture = raw.test_picture;
  options.width = raw.width;
  options.height = raw.height;
  options.keep_open = raw.keep_open;
  options.stats = raw.stats;
  if (raw.max_bitrate)
    options.payloader.emplace_back ("max-bitrate", raw.max_bitrate);
  if (raw.error_resilience)
    options.payloader.emplace_back ("error-resilience", raw.error_resilience);
  for (const std::string &setting : list_of (raw.payloader)) {
    const auto equals = setting.find ('=');
    if (equals == setting.npos)
      refuse ("--payloader takes PROPERTY=VALUE, not " + setting);
    options.payloader.emplace_back (
        setting.substr (0, equals), setting.substr (equals + 1));
  }
  if (raw.password_file)
    options.password = read_password (raw.password_file);

  if (!is_port (options.port))
    refuse (options.port + " is not a port: use a number up to 65535");
  if (options.width < 0 || options.height < 0)
    refuse ("width and height can't be negative");
  if (!options.framerate.empty ()) {
    GValue rate = G_VALUE_INIT;
    g_value_init (&rate, GST_TYPE_FRACTION);
    if (!gst_value_deserialize (&rate, options.framerate.c_str ()) ||
        gst_value_get_fraction_numerator (&rate) <= 0)
      refuse (options.framerate +
              " is not a frame rate: use 30 or 30000/1001, for example");
  }
  if (!is_multicast (options.multicast))
    refuse (options.multicast + " is not a multicast group");
  if (options.user.empty () != options.password.empty ())
    refuse ("a user name and a password must be given together");
  if (options.test_picture && !options.source.empty ())
    refuse ("--test-picture and --source can't be combined");
  if ((options.test_picture || !options.source.empty ()) &&
      !options.cameras.empty ())
    refuse ("--camera can't be combined with --test-picture or --source");
  complete_mounts (options);
  return options;
}

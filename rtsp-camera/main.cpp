// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Cameras on RTSP: v4l2mjpegsrc ! rfc2435pay behind gst-rtsp-server.
#include "camera_factory.h"
#include "options.h"
#include "report.h"
#include "urls.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include <glib-unix.h>

namespace {

// RTP and RTCP of every stream take a pair.
constexpr guint16 multicast_port_first = 5000;
constexpr guint16 multicast_port_last = 5511;
// In the local network only
constexpr guint8 multicast_ttl = 1;
// How often sessions whose clients are gone are looked for
constexpr guint cleanup_seconds = 2;

class Server {
public:
  explicit Server (const Options &options);
  ~Server ();
  Server (const Server &) = delete;
  Server &operator= (const Server &) = delete;

  /// What the program is to exit with.
  int run ();

private:
  bool add_mounts ();
  bool listen ();
  bool keep_open (GstRTSPMediaFactory *factory, const std::string &mount);
  void require_password ();
  void print_urls () const;

  static gboolean on_signal (gpointer self);
  static gboolean on_second (gpointer self);
  static gboolean clean_up (gpointer self);
  static void on_client (GstRTSPServer *, GstRTSPClient *client, gpointer);
  static void on_closed (GstRTSPClient *client, gpointer);

  const Options &options_;
  GMainLoop *loop_ = g_main_loop_new (nullptr, FALSE);
  GstRTSPServer *server_ = gst_rtsp_server_new ();
  GstRTSPAddressPool *groups_ = gst_rtsp_address_pool_new ();
  std::vector<GstRTSPMedia *> kept_;
  Report report_{server_};
};

Server::Server (const Options &options) : options_ (options)
{
  gst_rtsp_server_set_address (server_, options.address.c_str ());
  gst_rtsp_server_set_service (server_, options.port.c_str ());
  g_signal_connect (
      server_, "client-connected", G_CALLBACK (on_client), nullptr);
}

Server::~Server ()
{
  GList *clients = gst_rtsp_server_client_filter (
      server_,
      [] (GstRTSPServer *, GstRTSPClient *, gpointer) {
        return GST_RTSP_FILTER_REMOVE;
      },
      nullptr);
  g_list_free_full (clients, g_object_unref);
  for (GstRTSPMedia *media : kept_) {
    gst_rtsp_media_unprepare (media);
    g_object_unref (media);
  }
  g_object_unref (groups_);
  g_object_unref (server_);
  g_main_loop_unref (loop_);
}

std::string
host_of (GstRTSPClient *client)
{
  const gchar *ip =
      gst_rtsp_connection_get_ip (gst_rtsp_client_get_connection (client));
  return ip ? ip : "somewhere";
}

void
Server::on_client (GstRTSPServer *, GstRTSPClient *client, gpointer)
{
  std::printf ("%s: connected\n", host_of (client).c_str ());
  g_signal_connect (client, "closed", G_CALLBACK (on_closed), nullptr);
}

void
Server::on_closed (GstRTSPClient *client, gpointer)
{
  std::printf ("%s: gone\n", host_of (client).c_str ());
}

// All that differ from the first one in the last byte alone.
std::string
last_group (const std::string &first)
{
  GInetAddress *group = g_inet_address_new_from_string (first.c_str ());
  const guint8 *bytes = g_inet_address_to_bytes (group);
  std::vector<guint8> last (
      bytes, bytes + g_inet_address_get_native_size (group));
  last.back () = 255;
  GInetAddress *group_of_last = g_inet_address_new_from_bytes (
      last.data (), g_inet_address_get_family (group));
  gchar *text = g_inet_address_to_string (group_of_last);
  std::string result = text;
  g_free (text);
  g_object_unref (group_of_last);
  g_object_unref (group);
  return result;
}

bool
Server::add_mounts ()
{
  gst_rtsp_address_pool_add_range (groups_, options_.multicast.c_str (),
      last_group (options_.multicast).c_str (), multicast_port_first,
      multicast_port_last, multicast_ttl);

  GstRTSPMountPoints *mounts = gst_rtsp_server_get_mount_points (server_);
  bool good = true;
  for (std::size_t i = 0; i < options_.mounts.size (); i++) {
    GstRTSPMediaFactory *factory =
        camera_factory_new (options_, options_.mounts[i], options_.cameras[i]);
    good &= camera_factory_check (factory);
    gst_rtsp_media_factory_set_address_pool (factory, groups_);
    gst_rtsp_media_factory_set_protocols (
        factory, GstRTSPLowerTrans (GST_RTSP_LOWER_TRANS_UDP |
                                    GST_RTSP_LOWER_TRANS_UDP_MCAST |
                                    GST_RTSP_LOWER_TRANS_TCP));
    if (!options_.user.empty ())
      gst_rtsp_media_factory_add_role (factory, "viewer",
          GST_RTSP_PERM_MEDIA_FACTORY_ACCESS, G_TYPE_BOOLEAN, TRUE,
          GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, G_TYPE_BOOLEAN, TRUE, nullptr);
    report_.add (options_.mounts[i], factory);
    if (good && options_.keep_open)
      good = keep_open (factory, options_.mounts[i]);
    gst_rtsp_mount_points_add_factory (
        mounts, options_.mounts[i].c_str (), factory);
  }
  g_object_unref (mounts);
  return good;
}

// A client that never leaves.
bool
Server::keep_open (GstRTSPMediaFactory *factory, const std::string &mount)
{
  GstRTSPUrl *url = nullptr;
  gst_rtsp_url_parse (("rtsp://localhost" + mount).c_str (), &url);
  GstRTSPMedia *media = gst_rtsp_media_factory_construct (factory, url);
  gst_rtsp_url_free (url);
  GstRTSPThreadPool *pool = gst_rtsp_server_get_thread_pool (server_);
  GstRTSPThread *thread = gst_rtsp_thread_pool_get_thread (
      pool, GST_RTSP_THREAD_TYPE_MEDIA, nullptr);
  g_object_unref (pool);
  if (!media || !gst_rtsp_media_prepare (media, thread)) {
    std::fprintf (stderr, "%s: no picture arrived\n", mount.c_str ());
    g_clear_object (&media);
    return false;
  }
  kept_.push_back (media);
  return true;
}

void
Server::require_password ()
{
  GstRTSPAuth *auth = gst_rtsp_auth_new ();
  GstRTSPToken *token = gst_rtsp_token_new (
      GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "viewer", nullptr);
  gst_rtsp_auth_set_supported_methods (auth, GST_RTSP_AUTH_DIGEST);
  gst_rtsp_auth_add_digest (
      auth, options_.user.c_str (), options_.password.c_str (), token);
  gst_rtsp_token_unref (token);
  gst_rtsp_server_set_auth (server_, auth);
  g_object_unref (auth);
}

bool
Server::listen ()
{
  GError *error = nullptr;
  GSource *source = gst_rtsp_server_create_source (server_, nullptr, &error);
  if (!source) {
    std::fprintf (stderr, "Can't listen on %s, port %s: %s\n",
        options_.address.c_str (), options_.port.c_str (),
        error ? error->message : "unknown reason");
    g_clear_error (&error);
    return false;
  }
  g_source_attach (source, nullptr);
  g_source_unref (source);
  return true;
}

void
Server::print_urls () const
{
  const int port = gst_rtsp_server_get_bound_port (server_);
  for (std::size_t i = 0; i < options_.mounts.size (); i++) {
    const std::string &camera = options_.cameras[i];
    std::printf ("%s is at\n", options_.test_picture       ? "A test picture"
                               : !options_.source.empty () ? "The source"
                               : camera.empty ()
                                   ? "The first camera"
                                   : ("Camera " + camera).c_str ());
    for (const std::string &base : base_urls (options_.address, port))
      std::printf ("  %s%s\n", base.c_str (), options_.mounts[i].c_str ());
  }
}

gboolean
Server::on_signal (gpointer self)
{
  g_main_loop_quit (static_cast<Server *> (self)->loop_);
  return G_SOURCE_CONTINUE;
}

gboolean
Server::on_second (gpointer self)
{
  static_cast<Server *> (self)->report_.print ();
  return G_SOURCE_CONTINUE;
}

gboolean
Server::clean_up (gpointer self)
{
  GstRTSPSessionPool *pool =
      gst_rtsp_server_get_session_pool (static_cast<Server *> (self)->server_);
  gst_rtsp_session_pool_cleanup (pool);
  g_object_unref (pool);
  return G_SOURCE_CONTINUE;
}

int
Server::run ()
{
  if (!options_.user.empty ())
    require_password ();
  if (!add_mounts () || !listen ())
    return EXIT_FAILURE;
  print_urls ();
  g_unix_signal_add (SIGINT, on_signal, this);
  g_unix_signal_add (SIGTERM, on_signal, this);
  g_timeout_add_seconds (cleanup_seconds, clean_up, this);
  if (options_.stats)
    g_timeout_add_seconds (1, on_second, this);
  g_main_loop_run (loop_);
  return EXIT_SUCCESS;
}

} // namespace

int
main (int argc, char **argv)
{
  // Each line when it is complete, also into a file or a pipe.
  std::setvbuf (stdout, nullptr, _IOLBF, 0);
  const Options options = parse_options (argc, argv);
  return Server (options).run ();
}

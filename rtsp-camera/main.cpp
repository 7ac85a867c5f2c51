// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Serves cameras over RTSP: v4l2mjpegsrc ! rfc2435pay with gst-rtsp-server.
#include "camera_factory.h"
#include "options.h"
#include "report.h"
#include "urls.h"

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <glib-unix.h>

namespace {

// Each stream takes a pair of ports, for RTP and RTCP.
constexpr guint16 multicast_port_first = 5000;
constexpr guint16 multicast_port_last = 5511;
// In the local network only
constexpr guint8 multicast_ttl = 1;
// Requests to play are tiny.
constexpr guint max_request_bytes = 65536;
// Clients beyond these share threads with others.
constexpr gint max_client_threads = 64;
// How often to look for sessions whose clients are gone
constexpr guint cleanup_seconds = 2;

class Server {
public:
  explicit Server (const Options &options);
  ~Server ();
  Server (const Server &) = delete;
  Server &operator= (const Server &) = delete;

  /// Returns the exit status.
  int run ();

private:
  bool add_mounts ();
  bool listen ();
  void give_clients_threads ();
  bool keep_open (GstRTSPMediaFactory *factory, const std::string &mount);
  void require_password ();
  void print_urls () const;

  static gboolean on_signal (gpointer self);
  static gboolean on_second (gpointer self);
  static gboolean clean_up (gpointer self);
  static void on_client (GstRTSPServer *, GstRTSPClient *client, gpointer);
  static void on_closed (GstRTSPClient *client, gpointer);
  static void on_media (
      GstRTSPMediaFactory *, GstRTSPMedia *media, gpointer self);
  static void on_prepared (GstRTSPMedia *media, gpointer self);
  static void on_ended (GstRTSPMedia *media, gpointer self);
  void call_later (
      void (Server::*action) (GstRTSPMedia *), GstRTSPMedia *media);
  void hold (GstRTSPMedia *media);
  void give_up (GstRTSPMedia *media);

  const Options &options_;
  GMainLoop *loop_ = g_main_loop_new (nullptr, FALSE);
  GstRTSPServer *server_ = gst_rtsp_server_new ();
  GstRTSPAddressPool *groups_ = gst_rtsp_address_pool_new ();
  std::vector<GstRTSPMedia *> kept_;
  Report report_{server_};
};

// Releases what a filter has found; false if that is nothing.
bool
unref_found (GList *objects)
{
  const bool found = objects != nullptr;
  g_list_free_full (objects, g_object_unref);
  return found;
}

Server::Server (const Options &options) : options_ (options)
{
  gst_rtsp_server_set_address (server_, options.address.c_str ());
  gst_rtsp_server_set_service (server_, options.port.c_str ());
  gst_rtsp_server_set_content_length_limit (server_, max_request_bytes);
  g_signal_connect (
      server_, "client-connected", G_CALLBACK (on_client), nullptr);
  give_clients_threads ();
}

Server::~Server ()
{
  unref_found (gst_rtsp_server_client_filter (
      server_,
      [] (GstRTSPServer *, GstRTSPClient *, gpointer) {
        return GST_RTSP_FILTER_REMOVE;
      },
      nullptr));
  for (GstRTSPMedia *media : kept_) {
    gst_rtsp_media_unprepare (media);
    g_object_unref (media);
  }
  g_object_unref (groups_);
  g_object_unref (server_);
  g_main_loop_unref (loop_);
}

// One thread per client: a request waits until there are pictures, with an
// absent camera for up to 20 seconds, and would keep all other clients of its
// thread waiting.
void
Server::give_clients_threads ()
{
  GstRTSPThreadPool *pool = gst_rtsp_server_get_thread_pool (server_);
  gst_rtsp_thread_pool_set_max_threads (pool, max_client_threads);
  g_object_unref (pool);
}

// Its connection forgets it when it is closed.
void
remember_host (GstRTSPClient *client)
{
  const gchar *ip =
      gst_rtsp_connection_get_ip (gst_rtsp_client_get_connection (client));
  g_object_set_data_full (
      G_OBJECT (client), "host", g_strdup (ip ? ip : "somewhere"), g_free);
}

const gchar *
host_of (GstRTSPClient *client)
{
  return static_cast<const gchar *> (
      g_object_get_data (G_OBJECT (client), "host"));
}

void
Server::on_client (GstRTSPServer *, GstRTSPClient *client, gpointer)
{
  remember_host (client);
  std::printf ("%s: connected\n", host_of (client));
  g_signal_connect (client, "closed", G_CALLBACK (on_closed), nullptr);
}

void
Server::on_closed (GstRTSPClient *client, gpointer)
{
  std::printf ("%s: gone\n", host_of (client));
}

void
Server::on_media (GstRTSPMediaFactory *, GstRTSPMedia *media, gpointer self)
{
  g_signal_connect (media, "prepared", G_CALLBACK (on_prepared), self);
  g_signal_connect (media, "ended", G_CALLBACK (on_ended), self);
}

void
Server::on_prepared (GstRTSPMedia *media, gpointer self)
{
  auto *server = static_cast<Server *> (self);
  if (server->options_.keep_open)
    server->call_later (&Server::hold, media);
}

void
Server::on_ended (GstRTSPMedia *media, gpointer self)
{
  static_cast<Server *> (self)->call_later (&Server::give_up, media);
}

// In the main loop; signals come from the threads of clients and media.
void
Server::call_later (
    void (Server::*action) (GstRTSPMedia *), GstRTSPMedia *media)
{
  struct Call {
    Server *server;
    void (Server::*action) (GstRTSPMedia *);
    GstRTSPMedia *media;
  };
  g_idle_add_full (
      G_PRIORITY_DEFAULT,
      [] (gpointer data) {
        const auto *call = static_cast<Call *> (data);
        (call->server->*call->action) (call->media);
        return G_SOURCE_REMOVE;
      },
      new Call{this, action, GST_RTSP_MEDIA (g_object_ref (media))},
      [] (gpointer data) {
        auto *call = static_cast<Call *> (data);
        g_object_unref (call->media);
        delete call;
      });
}

bool
is_session_of (GstRTSPSession *session, GstRTSPMedia *media)
{
  return unref_found (gst_rtsp_session_filter (
      session,
      [] (GstRTSPSession *, GstRTSPSessionMedia *item, gpointer wanted) {
        return gst_rtsp_session_media_get_media (item) == wanted
                   ? GST_RTSP_FILTER_REF
                   : GST_RTSP_FILTER_KEEP;
      },
      media));
}

bool
is_client_of (GstRTSPClient *client, GstRTSPMedia *media)
{
  return unref_found (gst_rtsp_client_session_filter (
      client,
      [] (GstRTSPClient *, GstRTSPSession *session, gpointer wanted) {
        return is_session_of (session, static_cast<GstRTSPMedia *> (wanted))
                   ? GST_RTSP_FILTER_REF
                   : GST_RTSP_FILTER_KEEP;
      },
      media));
}

// Otherwise its clients would wait forever, and later ones would be refused
// because of them. The next client opens the camera again.
void
Server::give_up (GstRTSPMedia *media)
{
  unref_found (gst_rtsp_server_client_filter (
      server_,
      [] (GstRTSPServer *, GstRTSPClient *client, gpointer ended) {
        return is_client_of (client, static_cast<GstRTSPMedia *> (ended))
                   ? GST_RTSP_FILTER_REMOVE
                   : GST_RTSP_FILTER_KEEP;
      },
      media));
  const auto kept = std::find (kept_.begin (), kept_.end (), media);
  if (kept == kept_.end ())
    return;
  kept_.erase (kept);
  gst_rtsp_media_unprepare (media);
  g_object_unref (media);
}

// Acts as a client that never leaves. Has no effect if all others have left in
// the meantime.
void
Server::hold (GstRTSPMedia *media)
{
  if (std::find (kept_.begin (), kept_.end (), media) == kept_.end () &&
      gst_rtsp_media_prepare (media, nullptr))
    kept_.push_back (GST_RTSP_MEDIA (g_object_ref (media)));
}

// The groups differ from the first one only in the last byte.
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
    g_signal_connect (factory, "media-configure", G_CALLBACK (on_media), this);
    report_.add (options_.mounts[i], factory);
    if (good && options_.keep_open)
      good = keep_open (factory, options_.mounts[i]);
    gst_rtsp_mount_points_add_factory (
        mounts, options_.mounts[i].c_str (), factory);
  }
  g_object_unref (mounts);
  return good;
}

// From GStreamer 1.24 on, a media is constructed locked: clients would wait for
// it forever.
void
unlock_constructed (GstRTSPMedia *media)
{
  guint major, minor, micro, nano;
  gst_version (&major, &minor, &micro, &nano);
  if (major > 1 || minor >= 23)
    gst_rtsp_media_unlock (media);
}

// Opens the camera before the first client comes.
bool
Server::keep_open (GstRTSPMediaFactory *factory, const std::string &mount)
{
  GstRTSPUrl *url = nullptr;
  gst_rtsp_url_parse (("rtsp://localhost" + mount).c_str (), &url);
  GstRTSPMedia *media = gst_rtsp_media_factory_construct (factory, url);
  gst_rtsp_url_free (url);
  if (media)
    unlock_constructed (media);
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
  // Flush each complete line, even to a file or a pipe.
  std::setvbuf (stdout, nullptr, _IOLBF, 0);
  // For the ellipses in --help; decimal points stay points.
  std::setlocale (LC_CTYPE, "");
  const Options options = parse_options (argc, argv);
  return Server (options).run ();
}

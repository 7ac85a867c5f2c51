// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

// Two network namespaces, joined by a virtual cable: device `near`
// with 10.9.0.1 and fd09::1 in that of the test, `far` with 10.9.0.2 and
// fd09::2 in that of its peer. The peer can be a router to a third one with
// `end`, 10.8.0.2 and fd08::2. They disappear when the test ends.
class NetworkPair {
  // While it exists, this thread is in that namespace; sockets created there
  // stay there.
  class Visit {
  public:
    explicit Visit (int there) { setns (there, CLONE_NEWNET); }
    ~Visit () { setns (own_, CLONE_NEWNET); }
    Visit (const Visit &) = delete;
    Visit &operator= (const Visit &) = delete;

    bool run (const std::string &command) { return NetworkPair::run (command); }
  };

public:
  struct InPeer : Visit {
    InPeer () : Visit (peer_) {}
  };
  struct BehindRouter : Visit {
    BehindRouter () : Visit (end_) {}
  };

  // To be called while there is only one thread. Returns an explanation if it
  // fails.
  static std::string enter ()
  {
    auto user = getuid ();
    auto group = getgid ();
    if (unshare (CLONE_NEWNET) < 0) {
      if (unshare (CLONE_NEWUSER | CLONE_NEWNET) < 0)
        return "no network namespace may be made here";
      write_file ("/proc/self/setgroups", "deny");
      write_file ("/proc/self/uid_map", "0 " + std::to_string (user) + " 1");
      write_file ("/proc/self/gid_map", "0 " + std::to_string (group) + " 1");
    }
    own_ = open ("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    for (auto other : {&peer_, &end_}) {
      if (unshare (CLONE_NEWNET) < 0)
        return "no second network namespace may be made here";
      *other = open ("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    }
    setns (own_, CLONE_NEWNET);
    if (!run ("command -v ip >/dev/null"))
      return "there is no ip(8)";
    if (!plug ())
      return "no veth devices may be made here";
    return {};
  }

  // Plugs in a new cable, which has none of the settings of the last one.
  static bool plug ()
  {
    run ("ip link del near 2>/dev/null");
    run_in (peer_, "ip link del onward 2>/dev/null");
    return run ("ip link set lo up && "
                "ip link add near type veth peer name far netns " +
                name_of (peer_)) &&
           run ("ip addr add 10.9.0.1/24 dev near && "
                "ip addr add fd09::1/64 dev near nodad && "
                "ip link set near up") &&
           run_in (peer_, "ip link set lo up && "
                          "ip addr add 10.9.0.2/24 dev far && "
                          "ip addr add fd09::2/64 dev far nodad && "
                          "ip link set far up");
  }

  // Makes the peer a router to a network with this MTU.
  static bool route (unsigned mtu)
  {
    auto size = std::to_string (mtu);
    return run_in (
               peer_, "ip link add onward mtu " + size +
                          " type veth peer name end mtu " + size + " netns " +
                          name_of (end_) +
                          " && ip addr add 10.8.0.1/24 dev onward && "
                          "ip addr add fd08::1/64 dev onward nodad && "
                          "ip link set onward up && "
                          "echo 1 >/proc/sys/net/ipv4/ip_forward && "
                          "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding") &&
           run_in (end_, "ip link set lo up && "
                         "ip addr add 10.8.0.2/24 dev end && "
                         "ip addr add fd08::2/64 dev end nodad && "
                         "ip link set end up && "
                         "ip route add default via 10.8.0.1 && "
                         "ip -6 route add default via fd08::1") &&
           run ("ip route add 10.8.0.0/24 via 10.9.0.2 && "
                "ip -6 route add fd08::/64 via fd09::2");
  }

  static bool run (const std::string &command)
  {
    return std::system (command.c_str ()) == 0;
  }

  // What the device does for the kernel.
  struct Offload {
    bool checksums, segmentation;
  };

  // Without either, packets on the cable look as they would on any wire.
  static bool set_offload (const char *device, Offload offload)
  {
    bool is_set = set (device, ETHTOOL_STXCSUM, offload.checksums);
    for (auto what : {ETHTOOL_SGSO, ETHTOOL_STSO, ETHTOOL_SGRO})
      is_set = set (device, what, offload.segmentation) && is_set;
    return is_set;
  }

private:
  static bool run_in (int space, const std::string &command)
  {
    return Visit (space).run (command);
  }

  static bool set (const char *device, unsigned what, bool on)
  {
    ethtool_value value{what, on};
    ifreq request{};
    std::strncpy (request.ifr_name, device, IFNAMSIZ - 1);
    request.ifr_data = reinterpret_cast<char *> (&value);
    int control = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool done = ioctl (control, SIOCETHTOOL, &request) == 0;
    close (control);
    return done;
  }

  static std::string name_of (int space)
  {
    return "/proc/" + std::to_string (getpid ()) + "/fd/" +
           std::to_string (space);
  }

  static void write_file (const char *path, const std::string &text)
  {
    if (auto file = std::fopen (path, "w")) {
      std::fputs (text.c_str (), file);
      std::fclose (file);
    }
  }

  static inline int own_ = -1;
  static inline int peer_ = -1;
  static inline int end_ = -1;
};

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

// Two network namespaces of the test's own, joined by a cable: device `near`
// with 10.9.0.1 and fd09::1 in that of the test, `far` with 10.9.0.2 and
// fd09::2 in that of its peer. They are gone when the test is.
class NetworkPair {
public:
  // Call while there is one thread. An explanation if it can't be.
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
    if (unshare (CLONE_NEWNET) < 0)
      return "no second network namespace may be made here";
    peer_ = open ("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    setns (own_, CLONE_NEWNET);
    if (!run ("command -v ip >/dev/null"))
      return "there is no ip(8)";
    if (!plug ())
      return "no veth devices may be made here";
    return {};
  }

  // A new cable, and nothing left of what was done to the last.
  static bool plug ()
  {
    run ("ip link del near 2>/dev/null");
    return run ("ip link set lo up && "
                "ip link add near type veth peer name far netns /proc/" +
                std::to_string (getpid ()) + "/fd/" + std::to_string (peer_)) &&
           run ("ip addr add 10.9.0.1/24 dev near && "
                "ip addr add fd09::1/64 dev near nodad && "
                "ip link set near up") &&
           InPeer ().run ("ip link set lo up && "
                          "ip addr add 10.9.0.2/24 dev far && "
                          "ip addr add fd09::2/64 dev far nodad && "
                          "ip link set far up");
  }

  static bool run (const std::string &command)
  {
    return std::system (command.c_str ()) == 0;
  }

  // Without the device's checksums and segmentation, packets are on the cable
  // as they would be on any wire.
  static bool switch_offload_off (const char *device)
  {
    bool done = true;
    for (unsigned what :
        {ETHTOOL_STXCSUM, ETHTOOL_SGSO, ETHTOOL_STSO, ETHTOOL_SGRO}) {
      ethtool_value value{what, 0};
      ifreq request{};
      std::strncpy (request.ifr_name, device, IFNAMSIZ - 1);
      request.ifr_data = reinterpret_cast<char *> (&value);
      int control = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      done &= ioctl (control, SIOCETHTOOL, &request) == 0;
      close (control);
    }
    return done;
  }

  // What this thread does in the meantime is done in the peer's namespace;
  // sockets made there stay there.
  class InPeer {
  public:
    InPeer () { setns (peer_, CLONE_NEWNET); }
    ~InPeer () { setns (own_, CLONE_NEWNET); }
    InPeer (const InPeer &) = delete;
    InPeer &operator= (const InPeer &) = delete;

    bool run (const std::string &command) { return NetworkPair::run (command); }
  };

private:
  static void write_file (const char *path, const std::string &text)
  {
    if (auto file = std::fopen (path, "w")) {
      std::fputs (text.c_str (), file);
      std::fclose (file);
    }
  }

  static inline int own_ = -1;
  static inline int peer_ = -1;
};

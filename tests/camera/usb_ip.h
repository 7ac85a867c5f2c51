// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace testcamera {

using Bytes = std::span<const std::uint8_t>;

// Part of the data of an isochronous transfer.
struct IsoPacket {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

// A transfer that the host requests (USBIP_CMD_SUBMIT in the kernel's
// Documentation/usb/usbip_protocol.rst).
struct Submit {
  std::uint32_t sequence = 0;
  unsigned endpoint = 0;
  bool to_host = false;
  std::uint32_t length = 0;
  std::uint8_t setup[8] = {};
  std::vector<std::uint8_t> data;
  std::vector<IsoPacket> packets;
};

// The host cancels a transfer (USBIP_CMD_UNLINK).
struct Unlink {
  std::uint32_t sequence = 0;
  std::uint32_t victim = 0;
};

struct Request {
  std::optional<Submit> submit;
  std::optional<Unlink> unlink;
};

// The device side of a port of the kernel's virtual USB host controller
// (vhci-hcd).
class UsbIpPort {
public:
  UsbIpPort () = default;
  ~UsbIpPort () { detach (); }
  UsbIpPort (const UsbIpPort &) = delete;
  UsbIpPort &operator= (const UsbIpPort &) = delete;

  // Plugs into `port`, which stays busy for a moment after a detach. Returns
  // false, with errno set, if the controller refuses.
  bool attach (unsigned port);
  void detach ();
  bool attached () const { return fd_ >= 0; }
  int fd () const { return fd_; }

  // Nothing if the host has gone.
  std::optional<Request> receive ();
  // `status` is 0 or a negative errno, as in the kernel.
  bool complete (const Submit &submit, int status, Bytes data = {});
  // `data` holds the packets' bytes one after another, `lengths` their sizes.
  bool complete_iso (
      const Submit &submit, Bytes data, std::span<const std::uint32_t> lengths);
  bool complete_unlink (const Unlink &unlink, bool was_pending);

private:
  bool read_all (std::uint8_t *data, std::size_t size);
  bool write_all (Bytes data);

  int fd_ = -1;
  std::vector<std::uint8_t> out_;
};

} // namespace testcamera

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "datagram_sender.h"

#include "fake_socket.h"

#include <gst/check/gstcheck.h>

using rfc2435::DatagramSender;
using rfc2435::GsoPolicy;
using rfc2435::PacketBatch;
using rfc2435::SendError;
using rfc2435::SendResult;
using rfc2435::SocketAddress;

// Packets of the given sizes, every one of another letter.
struct Fixture {
  explicit Fixture (const std::vector<std::size_t> &sizes)
  {
    for (std::size_t i = 0; i < sizes.size (); i++)
      packets.emplace_back (sizes[i], static_cast<char> ('A' + i % 50));
    for (auto &packet : packets) {
      batch.add_piece (packet.data (), packet.size ());
      batch.end_packet ();
    }
    batch.plan ();
    address.storage.ss_family = AF_INET;
    address.size = sizeof (sockaddr_in);
  }

  SendResult send (bool use_gso = true)
  {
    auto result = sender.send (socket, address, use_gso, policy, batch);
    fail_if (socket.broken);
    return result;
  }

  std::vector<std::string> packets;
  PacketBatch batch;
  SocketAddress address;
  FakeSocket socket;
  GsoPolicy policy;
  DatagramSender sender;
};

static std::uint64_t
errors (const SendResult &result, SendError kind)
{
  return result.counters.errors[static_cast<std::size_t> (kind)];
}

GST_START_TEST (test_runs_in_one_call)
{
  Fixture f (std::vector<std::size_t> (120, 1400));
  auto result = f.send ();

  fail_unless (f.socket.datagrams == f.packets);
  fail_unless_equals_uint64 (f.socket.calls, 1);
  fail_unless_equals_uint64 (f.socket.messages.size (), 3);
  fail_unless_equals_uint64 (f.socket.messages[0].segment_size, 1400);
  fail_unless_equals_uint64 (f.socket.messages[0].segments, 46);
  fail_unless_equals_uint64 (f.socket.messages[2].segments, 28);
  fail_unless_equals_uint64 (result.counters.packets_sent, 120);
  fail_unless_equals_uint64 (result.counters.bytes_sent, 120 * 1400);
  fail_unless_equals_uint64 (result.counters.packets_failed, 0);
  fail_unless_equals_uint64 (result.counters.calls, 1);
  fail_unless_equals_uint64 (result.counters.gso_runs, 3);
  fail_unless_equals_uint64 (result.counters.gso_packets, 120);
  fail_unless_equals_int (result.last_error, 0);
}
GST_END_TEST;

GST_START_TEST (test_mixed_sizes)
{
  Fixture f ({100, 100, 30, 7, 0, 200, 200});
  auto result = f.send ();

  fail_unless (f.socket.datagrams == f.packets);
  fail_unless_equals_uint64 (f.socket.calls, 1);
  fail_unless_equals_uint64 (f.socket.messages.size (), 4);
  fail_unless_equals_uint64 (f.socket.messages[1].segment_size, 0);
  fail_unless_equals_uint64 (result.counters.gso_runs, 2);
  fail_unless_equals_uint64 (result.counters.gso_packets, 5);
  fail_unless_equals_uint64 (result.counters.packets_sent, 7);
}
GST_END_TEST;

GST_START_TEST (test_without_gso)
{
  Fixture f (std::vector<std::size_t> (120, 1400));
  auto result = f.send (false);

  fail_unless (f.socket.datagrams == f.packets);
  fail_unless_equals_uint64 (f.socket.calls, 1);
  fail_unless_equals_uint64 (f.socket.messages.size (), 120);
  fail_unless_equals_uint64 (result.counters.gso_runs, 0);
  fail_unless_equals_uint64 (result.counters.packets_sent, 120);
}
GST_END_TEST;

GST_START_TEST (test_kernel_takes_a_part)
{
  Fixture f (std::vector<std::size_t> (1500, 10));
  f.socket.at_once = 7;
  auto result = f.send (false);

  fail_unless (f.socket.datagrams == f.packets);
  fail_unless_equals_uint64 (result.counters.calls, (1500 + 6) / 7);
  fail_unless_equals_uint64 (result.counters.packets_sent, 1500);
}
GST_END_TEST;

static const int refusals[] = {EIO, ENOPROTOOPT, EOPNOTSUPP, EINVAL, EMSGSIZE};

// Every packet of the failing call is sent, none twice, in order; and GSO is
// not tried again.
GST_START_TEST (test_refusal_loses_nothing)
{
  int code = refusals[__i__];
  Fixture f (std::vector<std::size_t> (120, 1400));
  f.socket.error = [&] (auto &message) {
    return message.segment_size && f.socket.messages.size () >= 1 ? code : 0;
  };
  auto result = f.send ();

  fail_unless (f.socket.datagrams == f.packets);
  fail_unless_equals_uint64 (result.counters.gso_packets, 46);
  fail_unless_equals_uint64 (result.counters.packets_sent, 120);
  fail_unless_equals_uint64 (result.counters.packets_failed, 0);
  fail_unless_equals_uint64 (result.refused_size, 1400);
  fail_unless_equals_int (result.last_error, 0);
  fail_unless_equals_int (f.policy.refusal (), code);

  f.socket.datagrams.clear ();
  auto calls = f.socket.calls;
  result = f.send ();
  fail_unless (f.socket.datagrams == f.packets);
  fail_unless_equals_uint64 (f.socket.calls, calls + 1);
  fail_unless_equals_uint64 (result.counters.gso_runs, 0);
  fail_unless_equals_uint64 (result.refused_size, 0);
}
GST_END_TEST;

// Segments that are too large for the path say nothing about smaller ones.
GST_START_TEST (test_refusal_of_a_size)
{
  Fixture f ({1400, 1400, 500, 500, 1300, 1300});
  f.socket.error = [] (auto &message) {
    return message.segment_size > 1000 ? EINVAL : 0;
  };
  auto result = f.send ();

  fail_unless (f.socket.datagrams == f.packets);
  // 1400+1400+500 and 1300+1300 were refused; 500 was alone by then.
  fail_unless_equals_uint64 (result.counters.packets_failed, 0);
  fail_if (f.policy.allows (1300));
  fail_unless (f.policy.allows (1299));

  Fixture small ({500, 500, 500});
  small.socket.error = f.socket.error;
  fail_unless_equals_uint64 (
      f.sender.send (small.socket, f.address, true, f.policy, small.batch)
          .counters.gso_packets,
      3);
}
GST_END_TEST;

// A device that can't segment at all is not asked for other sizes.
GST_START_TEST (test_refusal_of_all)
{
  GsoPolicy policy;

  fail_unless (policy.allows (65535));
  fail_unless (policy.refuse (EIO, 1400));
  fail_if (policy.allows (1));
  GsoPolicy other;
  fail_if (other.refuse (ENOBUFS, 1400));
  fail_if (other.refuse (ENETUNREACH, 1400));
  fail_if (other.refuse (EPERM, 1400));
  fail_unless (other.allows (1400));
}
GST_END_TEST;

GST_START_TEST (test_interrupted_calls_are_made_again)
{
  Fixture f ({10, 20, 30});
  unsigned left = 3;
  f.socket.error = [&] (auto &) {
    return left > 0 ? (left--, EINTR) : 0;
  };
  auto result = f.send ();

  fail_unless (f.socket.datagrams == f.packets);
  fail_unless_equals_int (result.last_error, 0);
}
GST_END_TEST;

GST_START_TEST (test_full_buffer_is_waited_for)
{
  Fixture f (std::vector<std::size_t> (100, 1400));
  unsigned waits = 0, room = 1;
  f.socket.error = [&] (auto &) {
    return room > 0 ? (room--, 0) : EAGAIN;
  };
  f.socket.room = [&] {
    waits++;
    room = 1;
    return FakeSocket::Room::available;
  };
  auto result = f.send ();

  fail_unless (f.socket.datagrams == f.packets);
  fail_unless_equals_uint64 (waits, 2);
  fail_unless_equals_int (result.last_error, 0);
  fail_if (result.cancelled);
}
GST_END_TEST;

GST_START_TEST (test_cancelled_while_waiting)
{
  Fixture f (std::vector<std::size_t> (100, 1400));
  unsigned room = 1;
  f.socket.error = [&] (auto &) {
    return room > 0 ? (room--, 0) : EAGAIN;
  };
  f.socket.room = [] {
    return FakeSocket::Room::cancelled;
  };
  auto result = f.send ();

  fail_unless (result.cancelled);
  fail_unless_equals_uint64 (result.counters.packets_sent, 46);
  fail_unless_equals_uint64 (result.counters.packets_failed, 0);
}
GST_END_TEST;

GST_START_TEST (test_no_room_and_no_waiting)
{
  Fixture f ({10, 10, 20, 20, 5});
  unsigned message = 0;
  f.socket.error = [&] (auto &) {
    return ++message == 1 ? EAGAIN : 0;
  };
  auto result = f.send ();

  fail_unless_equals_uint64 (result.counters.packets_sent, 3);
  fail_unless_equals_uint64 (result.counters.packets_failed, 2);
  fail_unless_equals_uint64 (errors (result, SendError::queue_full), 1);
  fail_unless_equals_int (result.last_error, EAGAIN);
  fail_unless_equals_uint64 (result.failed_size, 10);
}
GST_END_TEST;

// It belongs to an earlier packet: nothing is lost.
GST_START_TEST (test_pending_error)
{
  Fixture f ({10, 10, 20});
  unsigned message = 0;
  f.socket.error = [&] (auto &) {
    return ++message == 1 ? ECONNREFUSED : 0;
  };
  auto result = f.send ();

  fail_unless (f.socket.datagrams == f.packets);
  fail_unless_equals_uint64 (result.counters.packets_failed, 0);
  fail_unless_equals_uint64 (errors (result, SendError::refused), 1);
}
GST_END_TEST;

GST_START_TEST (test_unreachable)
{
  Fixture f ({10, 10, 20, 30});
  f.socket.error = [] (auto &) {
    return ENETUNREACH;
  };
  auto result = f.send ();

  fail_unless_equals_uint64 (result.counters.packets_sent, 0);
  fail_unless_equals_uint64 (result.counters.packets_failed, 4);
  fail_unless_equals_uint64 (errors (result, SendError::unreachable), 3);
  fail_unless_equals_uint64 (result.counters.calls, 6);
  fail_unless (f.policy.allows (10));
}
GST_END_TEST;

GST_START_TEST (test_too_large)
{
  Fixture f ({65507, 70000, 10});
  f.socket.error = [] (auto &message) {
    return message.size > 65507 ? EMSGSIZE : 0;
  };
  auto result = f.send ();

  fail_unless_equals_uint64 (f.socket.datagrams.size (), 2);
  fail_unless (f.socket.datagrams[1] == f.packets[2]);
  fail_unless_equals_uint64 (result.counters.packets_failed, 1);
  fail_unless_equals_uint64 (errors (result, SendError::too_large), 1);
  fail_unless_equals_uint64 (result.failed_size, 70000);
}
GST_END_TEST;

static Suite *
datagram_sender_suite ()
{
  auto suite = suite_create ("datagram_sender");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_runs_in_one_call);
  tcase_add_test (tc, test_mixed_sizes);
  tcase_add_test (tc, test_without_gso);
  tcase_add_test (tc, test_kernel_takes_a_part);
  tcase_add_loop_test (
      tc, test_refusal_loses_nothing, 0, G_N_ELEMENTS (refusals));
  tcase_add_test (tc, test_refusal_of_a_size);
  tcase_add_test (tc, test_refusal_of_all);
  tcase_add_test (tc, test_interrupted_calls_are_made_again);
  tcase_add_test (tc, test_full_buffer_is_waited_for);
  tcase_add_test (tc, test_cancelled_while_waiting);
  tcase_add_test (tc, test_no_room_and_no_waiting);
  tcase_add_test (tc, test_pending_error);
  tcase_add_test (tc, test_unreachable);
  tcase_add_test (tc, test_too_large);

  return suite;
}

GST_CHECK_MAIN (datagram_sender)

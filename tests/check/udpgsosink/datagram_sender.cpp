// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "datagram_sender.h"

#include "fake_socket.h"

#include <gst/check/gstcheck.h>

using rfc2435::DatagramSender;
using rfc2435::GsoPolicy;
using rfc2435::PacketBatch;
using rfc2435::SendError;
using rfc2435::SendResult;
using rfc2435::SendTarget;
using rfc2435::SocketAddress;

using Clock = GsoPolicy::Clock;

struct Result : SendResult {
  std::uint64_t calls = 0;
  bool cancelled = false;
};

// Packets of the given sizes, each filled with another letter.
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

  Result send (bool use_gso = true)
  {
    SendTarget target{&address, &policy};
    auto outcome = sender.send (socket, {&target, 1}, use_gso, batch, now);
    fail_if (socket.broken);
    return {target.result, outcome.calls, outcome.cancelled};
  }

  std::vector<std::string> packets;
  PacketBatch batch;
  SocketAddress address;
  FakeSocket socket;
  GsoPolicy policy;
  Clock::time_point now{std::chrono::hours (1)};
  DatagramSender sender;
};

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
  fail_unless_equals_uint64 (result.calls, 1);
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
  fail_unless_equals_uint64 (result.calls, (1500 + 6) / 7);
  fail_unless_equals_uint64 (result.counters.packets_sent, 1500);
}
GST_END_TEST;

static const int refusals[] = {EIO, ENOPROTOOPT, EOPNOTSUPP, EINVAL, EMSGSIZE};

// Every packet of the failing call is sent, once and in order, and GSO is not
// tried again.
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
  fail_if (f.policy.allows (1300, f.now));
  fail_unless (f.policy.allows (1299, f.now));

  Fixture small ({500, 500, 500});
  small.socket.error = f.socket.error;
  small.policy.refuse (EINVAL, 1300, small.now);
  fail_unless_equals_uint64 (small.send ().counters.gso_packets, 3);
}
GST_END_TEST;

// A device that can't segment at all is not asked for other sizes.
GST_START_TEST (test_refusal_of_all)
{
  GsoPolicy policy;
  Clock::time_point now{};

  fail_unless (policy.allows (65535, now));
  fail_unless (policy.refuse (EIO, 1400, now));
  fail_if (policy.allows (1, now));
  policy.forget ();
  fail_unless (policy.allows (65535, now));
  fail_unless_equals_int (policy.refusal (), 0);
  GsoPolicy other;
  fail_if (other.refuse (ENOBUFS, 1400, now));
  fail_if (other.refuse (ENETUNREACH, 1400, now));
  fail_if (other.refuse (EPERM, 1400, now));
  fail_unless (other.allows (1400, now));
}
GST_END_TEST;

// A size that was refused is tried again once per interval, and stays in use
// once it works.
GST_START_TEST (test_refusal_is_not_for_good)
{
  Fixture f ({1400, 1400, 1400});
  unsigned tries = 0;
  bool works = false;
  f.socket.error = [&] (auto &message) {
    tries += message.segment_size > 0;
    return message.segment_size && !works ? EMSGSIZE : 0;
  };

  auto result = f.send ();
  fail_unless_equals_uint64 (result.refused_size, 1400);
  f.now += GsoPolicy::retry_interval - std::chrono::nanoseconds (1);
  f.send ();
  fail_unless_equals_int (tries, 1);

  f.now += std::chrono::nanoseconds (1);
  result = f.send ();
  fail_unless_equals_int (tries, 2);
  fail_unless_equals_uint64 (result.counters.packets_sent, 3);
  fail_unless_equals_uint64 (result.counters.packets_failed, 0);
  // Already known
  fail_unless_equals_uint64 (result.refused_size, 0);
  fail_unless_equals_int (f.policy.refusal (), EMSGSIZE);
  f.send ();
  fail_unless_equals_int (tries, 2);

  works = true;
  f.now += GsoPolicy::retry_interval;
  result = f.send ();
  fail_unless (result.gso_resumed);
  fail_unless_equals_uint64 (result.counters.gso_packets, 3);
  fail_unless_equals_int (f.policy.refusal (), 0);
  result = f.send ();
  fail_if (result.gso_resumed);
  fail_unless_equals_uint64 (result.counters.gso_packets, 3);
  fail_unless_equals_int (tries, 4);
}
GST_END_TEST;

// Several destinations of one batch.
struct Crowd : Fixture {
  Crowd (std::size_t count, const std::vector<std::size_t> &sizes)
      : Fixture (sizes), addresses (count, address), policies (count)
  {
    for (std::size_t i = 0; i < count; i++) {
      reinterpret_cast<sockaddr_in &> (addresses[i].storage).sin_port =
          static_cast<in_port_t> (i);
      targets.push_back ({&addresses[i], &policies[i]});
    }
  }

  DatagramSender::Outcome send_all (bool use_gso = true)
  {
    for (auto &target : targets)
      target.result = {};
    auto outcome = sender.send (socket, targets, use_gso, batch, now);
    fail_if (socket.broken);
    return outcome;
  }
  // The datagrams sent to a destination.
  std::vector<std::string> sent_to (std::size_t target)
  {
    std::vector<std::string> datagrams;
    for (std::size_t i = 0; i < socket.datagrams.size (); i++) {
      if (socket.ports[i] == target)
        datagrams.push_back (socket.datagrams[i]);
    }
    return datagrams;
  }

  std::vector<SocketAddress> addresses;
  std::vector<GsoPolicy> policies;
  std::vector<SendTarget> targets;
};

static const std::vector<std::size_t> mixes[] = {
    {1400},
    {1400, 1400, 30, 7, 0, 200},
    std::vector<std::size_t> (120, 1400),
};

// One call for all, as long as the kernel accepts that many messages.
GST_START_TEST (test_many_destinations_in_one_call)
{
  for (bool use_gso : {true, false}) {
    Crowd f (200, mixes[__i__]);
    auto outcome = f.send_all (use_gso);
    fail_unless_equals_uint64 (
        outcome.calls, (f.socket.messages.size () + 1023) / 1024);
    fail_if (outcome.cancelled);
    std::size_t bytes = 0;
    for (auto size : mixes[__i__])
      bytes += size;
    for (std::size_t i = 0; i < f.targets.size (); i++) {
      auto &result = f.targets[i].result;
      fail_unless (f.sent_to (i) == f.packets);
      fail_unless_equals_uint64 (
          result.counters.packets_sent, f.packets.size ());
      fail_unless_equals_uint64 (result.counters.bytes_sent, bytes);
      fail_unless_equals_uint64 (result.counters.packets_failed, 0);
    }
  }
}
GST_END_TEST;

// A fault concerns one destination: the others neither lose anything nor get
// anything twice.
GST_START_TEST (test_faults_of_one_destination)
{
  for (int code : {EIO, EMSGSIZE, EINVAL, ECONNREFUSED, EPERM, ENOBUFS}) {
    Crowd f (5, {1400, 1400, 1400, 1400, 50});
    f.socket.error = [&] (auto &message) {
      bool refuses_runs = code == EIO || code == EMSGSIZE || code == EINVAL;
      if (message.port != 2 || (refuses_runs && !message.segment_size))
        return 0;
      return code;
    };
    f.send_all ();
    for (std::size_t i = 0; i < 5; i++) {
      auto &result = f.targets[i].result;
      auto &counters = result.counters;
      fail_unless_equals_uint64 (
          counters.packets_sent + counters.packets_failed, f.packets.size ());
      if (i != 2) {
        fail_unless (f.sent_to (i) == f.packets);
        fail_unless_equals_uint64 (counters.gso_packets, 5);
        fail_unless_equals_int (result.last_error, 0);
        fail_unless_equals_int (f.policies[i].refusal (), 0);
        continue;
      }
      fail_unless_equals_uint64 (counters.gso_packets, 0);
      bool refused = f.policies[i].refusal () == code;
      fail_unless_equals_uint64 (
          counters.packets_sent, refused ? f.packets.size () : 0);
      fail_unless_equals_int (result.last_error, refused ? 0 : code);
      fail_unless (
          f.sent_to (i) == (refused ? f.packets : std::vector<std::string>{}));
    }
  }
}
GST_END_TEST;

// A refusal far into a batch that takes several calls.
GST_START_TEST (test_refusal_in_a_later_call)
{
  Crowd f (400, {1400, 1400, 9, 1300, 1300, 7, 1200, 1200, 5});
  f.socket.error = [] (auto &message) {
    return message.port % 2 && message.segment_size == 1300 ? EMSGSIZE : 0;
  };
  f.send_all ();
  for (std::size_t i = 0; i < f.targets.size (); i++) {
    fail_unless (f.sent_to (i) == f.packets);
    // A refusal implies that larger ones would be refused, too.
    fail_unless_equals_uint64 (
        f.targets[i].result.counters.gso_packets, i % 2 ? 6 : 9);
    fail_unless_equals_uint64 (
        f.targets[i].result.refused_size, i % 2 ? 1300 : 0);
  }
}
GST_END_TEST;

GST_START_TEST (test_cancelled_between_destinations)
{
  Crowd f (3, {10, 10});
  f.socket.error = [] (auto &message) {
    return message.port == 1 ? EAGAIN : 0;
  };
  f.socket.room = [] {
    return FakeSocket::Room::cancelled;
  };
  fail_unless (f.send_all ().cancelled);
  fail_unless (f.sent_to (0) == f.packets);
  for (std::size_t i = 1; i < 3; i++) {
    fail_unless_equals_uint64 (f.targets[i].result.counters.packets_sent, 0);
    fail_unless_equals_uint64 (f.targets[i].result.counters.packets_failed, 0);
  }
}
GST_END_TEST;

GST_START_TEST (test_nothing_to_send)
{
  Crowd f (3, {});
  fail_unless_equals_uint64 (f.send_all ().calls, 0);
  Crowd nobody (0, {10, 10});
  fail_unless_equals_uint64 (nobody.send_all ().calls, 0);
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
  fail_unless_equals_uint64 (result.errors[SendError::queue_full], 1);
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
  fail_unless_equals_uint64 (result.errors[SendError::refused], 1);
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
  fail_unless_equals_uint64 (result.errors[SendError::unreachable], 3);
  fail_unless_equals_uint64 (result.calls, 6);
  fail_unless (f.policy.allows (10, f.now));
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
  fail_unless_equals_uint64 (result.errors[SendError::too_large], 1);
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
  tcase_add_test (tc, test_refusal_is_not_for_good);
  tcase_add_loop_test (
      tc, test_many_destinations_in_one_call, 0, G_N_ELEMENTS (mixes));
  tcase_add_test (tc, test_faults_of_one_destination);
  tcase_add_test (tc, test_refusal_in_a_later_call);
  tcase_add_test (tc, test_cancelled_between_destinations);
  tcase_add_test (tc, test_nothing_to_send);
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

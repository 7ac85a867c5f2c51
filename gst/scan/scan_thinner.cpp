// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_thinner.h"

namespace rfc2435 {
namespace {

class RowControl final : public DeadZoneControl {
public:
  explicit RowControl (RateControl &control) : control_ (control) {}

  std::optional<unsigned> next_row (
      std::size_t read, std::size_t written) override
  {
    step_ = control_.next_row (read, written);
    if (step_ != RateControl::Step::go_on)
      return std::nullopt;
    return control_.strength ();
  }

  RateControl::Step step () const { return step_; }

private:
  RateControl &control_;
  RateControl::Step step_ = RateControl::Step::go_on;
};

} // namespace

ScanResult
ScanThinner::thin (ScanTranscoder &transcoder, const Job &job)
{
  ladder_.set (job.quantization_tables, job.min_quality);
  control_.begin_frame (transcoder.source ().size (), job.budget, ladder_);

  for (;;) {
    RowControl rows (control_);
    Requantizing requantizing (job.quantization_tables, rung ().tables);
    requantizing.strength = control_.strength ();
    requantizing.control = &rows;
    requantizing.mcus_in_row = job.mcus_in_row;
    auto result = transcoder.requantize (
        job.huffman_tables, requantizing, job.restart_interval);

    auto step = rows.step ();
    if (result)
      step = control_.end_frame (transcoder.scan ().size ());
    else if (result.fault != ScanFault::stopped)
      return result;
    if (step == RateControl::Step::give_up)
      result.fault = ScanFault::stopped;
    if (step != RateControl::Step::start_over)
      return result;
  }
}

} // namespace rfc2435

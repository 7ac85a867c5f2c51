// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_thinner.h"

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

FrameThinner::Result
FrameThinner::thin (std::span<const Bytes> pieces, const Frame &frame,
    std::size_t budget, unsigned min_quality)
{
  ScanLayout layout = {.restart_interval = frame.restart_interval,
      .luma_blocks = frame.is_420 () ? std::uint8_t{4} : std::uint8_t{2}};
  auto mcus_in_row = (frame.width + 15u) / 16;
  unsigned mcu_height = frame.is_420 () ? 16 : 8;
  layout.mcu_count =
      mcus_in_row * ((frame.height + mcu_height - 1) / mcu_height);

  ladder_.set (frame.tables, min_quality);
  transcoder_.read (pieces, frame.scan_offset, layout);
  control_.begin_frame (
      transcoder_.source ().segments ().back ().end, budget, ladder_);

  for (;;) {
    auto &rung = ladder_.rungs ()[control_.rung ()];
    RowControl rows (control_);
    Requantizing requantizing (frame.tables, rung.tables);
    requantizing.strength = control_.strength ();
    requantizing.control = &rows;
    requantizing.mcus_in_row = mcus_in_row;
    auto read = transcoder_.requantize (
        standard_scan_tables, requantizing, frame.restart_interval);

    auto step = rows.step ();
    if (read)
      step = control_.end_frame (transcoder_.scan ().size ());
    else if (read.fault != ScanFault::stopped)
      return {.outcome = Result::Outcome::damaged, .read = read};
    if (step == RateControl::Step::give_up)
      return {.outcome = Result::Outcome::too_large, .quality = rung.quality};
    if (step == RateControl::Step::go_on)
      return {.outcome = control_.rung () == 0 ? Result::Outcome::thinned
                                               : Result::Outcome::requantized,
          .scan = transcoder_.scan (),
          .tables = rung.tables,
          .quality = rung.quality};
  }
}

} // namespace rfc2435

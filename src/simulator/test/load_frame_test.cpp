#include "load_frame.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "mj/hj212/framer.hpp"
#include "mj/hj212/message.hpp"

namespace mj::simulator {
namespace {

// The codec is the independent computation: it reads the CRC bytewise, the writer patches it digit by digit.
TEST(LoadFrame, every_frame_is_a_perfect_2017_frame_that_says_what_it_was_made_from) {
  const LoadPlan plan{.devices = 10'000'000, .step_s = 60};
  LoadFrameWriter writer(plan);
  rc::check([&] {
    const auto device = *rc::gen::inRange<std::uint32_t>(0, plan.devices);
    const auto sequence = *rc::gen::inRange<std::uint32_t>(0, 20'000'000);
    const auto request = *rc::gen::inRange<std::uint64_t>(0, 100'000'000'000);
    std::string frame(writer.size(), '\0');
    writer.write(frame.data(), device, sequence, request);

    hj212::Framer framer;
    framer.push(as_bytes(frame));
    const auto piece = framer.next();
    RC_ASSERT(piece.has_value());
    RC_ASSERT(piece->framed && piece->error.empty() && piece->deviations.none());
    RC_ASSERT(piece->crc.match == hj212::CrcMatch::hj);
    RC_ASSERT(piece->bytes.size() == frame.size());
    const auto header = hj212::read_header(piece->segment).header;
    RC_ASSERT(header.qn == LoadFrameWriter::qn(request));
    RC_ASSERT(header.mn == LoadPlan::mn(device));
    RC_ASSERT(LoadFrameWriter::is_mn(*header.mn, device));
    RC_ASSERT(!LoadFrameWriter::is_mn(*header.mn, (device + 1) % plan.devices));
    RC_ASSERT(header.flag->ack() && header.cn->starts_with("2"));
    std::vector<hj212::Field> fields;
    hj212::read_fields(*header.cp, fields);
    RC_ASSERT(fields.size() == 21U);  // DataTime, ten values, ten flags
    RC_ASSERT(hj212::read_data_time(fields[0].value) == plan.data_time(sequence));
    for (std::size_t i = 0; i < 10; ++i) {
      RC_ASSERT(fields[1 + 2 * i].factor == load_factors()[i]);
      RC_ASSERT(parse_decimal(fields[1 + 2 * i].value) == load_value(device, sequence, i));
    }
  });
}

TEST(LoadFrame, the_first_two_values_spell_the_sequence) {
  rc::check([] {
    const auto sequence = *rc::gen::inRange<std::uint32_t>(0, 9000U * 9000U);
    const auto low = load_value(7, sequence, 0).mantissa - 1000;
    const auto high = load_value(7, sequence, 1).mantissa - 1000;
    RC_ASSERT(high * 9000 + low == static_cast<std::int64_t>(sequence));
  });
}

TEST(LoadFrame, a_frame_written_after_others_equals_one_written_alone) {
  const LoadPlan plan;
  LoadFrameWriter writer(plan);
  std::string frame(writer.size(), '\0');
  for (std::uint32_t n = 0; n < 5000; n += 7) {
    writer.write(frame.data(), n % plan.devices, n / 3, 86'399'500 + n);  // crosses a second, a minute, a day
    ASSERT_EQ(frame, load_frame(plan, n % plan.devices, n / 3, 86'399'500 + n));
  }
}

}  // namespace
}  // namespace mj::simulator

#include "load_frame.hpp"

#include "mj/hj212/crc.hpp"

namespace mj::simulator {
namespace {

constexpr std::array<std::string_view, 10> kFactors{"w01018", "w21003", "w21011", "w21001", "w01001",
                                                    "w00000", "w01012", "w01019", "w01009", "w01010"};
constexpr std::string_view kMnHead = "4C4F414400000000";  // "LOAD" in hexadecimal; eight decimal digits follow
constexpr std::uint64_t kValues = 9000;                   // 10.00 … 99.99
constexpr std::size_t kHead = 6;                          // `##` and the length

// Frame digits of 0…9999.
const std::array<std::array<char, 4>, 10'000>& four_digits() {
  static const auto table = [] {
    std::array<std::array<char, 4>, 10'000> result{};
    for (unsigned i = 0; i < result.size(); ++i) {
      result[i] = {static_cast<char>('0' + i / 1000), static_cast<char>('0' + i / 100 % 10),
                   static_cast<char>('0' + i / 10 % 10), static_cast<char>('0' + i % 10)};
    }
    return result;
  }();
  return table;
}

unsigned value_hundredths(std::uint32_t device, std::uint32_t sequence, std::size_t index) {
  std::uint64_t number = 0;
  if (index == 0) {
    number = sequence;
  } else if (index == 1) {
    number = sequence / kValues;
  } else {
    // Different odd steps for every factor, so that a value stored under a neighbour's factor shows too.
    number =
        std::uint64_t{sequence} * (2 * index + 1) + std::uint64_t{device} * (index * index + 7) + index * 1'237;
  }
  return static_cast<unsigned>(1000 + number % kValues);
}

}  // namespace

std::string LoadPlan::mn(std::uint32_t device) { return fmt::format("{}{:08}", kMnHead, device); }

const std::array<std::string_view, 10>& load_factors() { return kFactors; }

Decimal load_value(std::uint32_t device, std::uint32_t sequence, std::size_t index) {
  return Decimal{static_cast<std::int64_t>(value_hundredths(device, sequence, index)), 2};
}

std::string load_frame(const LoadPlan& plan, std::uint32_t device, std::uint32_t sequence, std::uint64_t request) {
  LoadFrameWriter writer(plan);
  std::string frame(writer.size(), '\0');
  writer.write(frame.data(), device, sequence, request);
  return frame;
}

bool LoadFrameWriter::is_mn(std::string_view mn, std::uint32_t device) {
  const auto& digits = four_digits();
  return mn.size() == kMnHead.size() + 8 && mn.starts_with(kMnHead) &&
         std::memcmp(mn.data() + kMnHead.size(), digits[device / 10'000].data(), 4) == 0 &&
         std::memcmp(mn.data() + kMnHead.size() + 4, digits[device % 10'000].data(), 4) == 0;
}

std::string LoadFrameWriter::qn(std::uint64_t request) {
  return to_compact_ms(Instant::from_ms(kQnBaseMs + static_cast<std::int64_t>(request)));
}

LoadFrameWriter::LoadFrameWriter(const LoadPlan& plan) : plan_(plan) {
  std::string segment = "QN=";
  qn_at_ = kHead + segment.size();
  segment += std::string(17, '0');
  segment += ";ST=32;CN=2011;PW=123456;MN=";
  segment += kMnHead;
  mn_at_ = kHead + segment.size();
  segment += std::string(8, '0');
  segment += ";Flag=5;CP=&&DataTime=";
  time_at_ = kHead + segment.size();
  segment += std::string(14, '0');
  for (std::size_t i = 0; i < kFactors.size(); ++i) {
    segment += fmt::format(";{}-Rtd=", kFactors[i]);
    value_at_[i] = kHead + segment.size();
    segment += fmt::format("00.00,{}-Flag=N", kFactors[i]);
  }
  segment += "&&";
  crc_at_ = kHead + segment.size();
  base_crc_ = hj212::crc_hj(segment);
  template_ = fmt::format("##{:04}{}0000\r\n", segment.size(), segment);

  // crc' = T[(crc >> 8) ^ byte] with T linear: a digit at distance d from the end passes d times through x ↦ T[x] >> 8
  // and then once through T. T itself is read off the CRC of a byte. Source: HJ 212-2017 appendix A.
  std::array<std::uint16_t, 256> table{};
  for (unsigned x = 0; x < table.size(); ++x) {
    const char byte = static_cast<char>(x ^ 0xFFU);  // the start value has the high byte FF
    table[x] = hj212::crc_hj(std::string_view(&byte, 1));
  }
  weight_.resize(template_.size());
  std::array<unsigned, 10> state{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (std::size_t position = crc_at_; position-- > kHead;) {
    for (unsigned digit = 0; digit < 10; ++digit) {
      weight_[position][digit] = table[state[digit]];
      state[digit] = table[state[digit]] >> 8U;
    }
  }
}

std::uint16_t LoadFrameWriter::patch(char* out, std::size_t at, const char* digits, std::size_t count) const {
  unsigned crc = 0;
  for (std::size_t i = 0; i < count; ++i) {
    out[at + i] = digits[i];
    crc ^= weight_[at + i][static_cast<std::size_t>(digits[i] - '0')];
  }
  return static_cast<std::uint16_t>(crc);
}

void LoadFrameWriter::refresh(Cached& cached, std::uint64_t key, Instant moment, std::size_t at) {
  cached.key = key;
  const std::string text = to_compact(moment);
  std::copy_n(text.begin(), cached.digits.size(), cached.digits.begin());
  std::array<char, 1024> scratch;
  cached.crc = patch(scratch.data(), at, cached.digits.data(), cached.digits.size());
}

void LoadFrameWriter::write(char* out, std::uint32_t device, std::uint32_t sequence, std::uint64_t request) {
  std::memcpy(out, template_.data(), template_.size());
  const std::uint64_t second = request / 1000;
  if (second_.key != second)
    refresh(second_, second, Instant::from_ms(kQnBaseMs + static_cast<std::int64_t>(second) * 1000), qn_at_);
  if (time_.key != sequence) refresh(time_, sequence, plan_.data_time(sequence), time_at_);
  const auto& digits = four_digits();
  std::memcpy(out + qn_at_, second_.digits.data(), second_.digits.size());
  std::memcpy(out + time_at_, time_.digits.data(), time_.digits.size());
  unsigned crc = base_crc_ ^ second_.crc ^ time_.crc;
  crc ^= patch(out, qn_at_ + 14, digits[request % 1000].data() + 1, 3);
  crc ^= patch(out, mn_at_, digits[device / 10'000].data(), 4);
  crc ^= patch(out, mn_at_ + 4, digits[device % 10'000].data(), 4);
  for (std::size_t i = 0; i < value_at_.size(); ++i) {
    const auto& value = digits[value_hundredths(device, sequence, i)];
    crc ^= patch(out, value_at_[i], value.data(), 2);
    crc ^= patch(out, value_at_[i] + 3, value.data() + 2, 2);
  }
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (unsigned i = 0; i < 4; ++i) out[crc_at_ + i] = kHex[(crc >> (12 - 4 * i)) & 15U];
}

}  // namespace mj::simulator

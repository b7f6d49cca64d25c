#include "aggregate.hpp"

namespace mj::simulator {
namespace {

// What HJ 212-2025 §8.1.1 d) is reported to send when the converted value cannot be computed.
constexpr std::string_view kNoConversion2025 = "9999.99";
constexpr int kAmountDecimals = 3;

const std::string& code_of(const Source& source, const Signal& signal) {
  return source.device.dialect == hj212::Dialect::v2005 ? signal.old_code : signal.factor;
}

}  // namespace

void Aggregate::Range::add(std::int64_t value) {
  min = count == 0 ? value : std::min(min, value);
  max = count == 0 ? value : std::max(max, value);
  sum += value;
  ++count;
}

Aggregate::Aggregate(const Source& source, std::int64_t step_s)
    : source_(source), step_s_(step_s), tallies_(source.signals.size()) {
  for (std::size_t i = 0; i < source.signals.size(); ++i) {
    if (source.signals[i].factor == source.flow_factor) flow_ = i;
  }
}

void Aggregate::clear() {
  tallies_.assign(source_.signals.size(), Tally{});
  total_ = normal_ = stopped_ = 0;
  sound_.clear();
}

void Aggregate::add(const Reading& reading) {
  ++total_;
  const bool normal = reading.flag == 'N';
  if (normal) ++normal_;
  if (reading.flag == 'F') ++stopped_;
  if (source_.sound) {
    sound_.add(reading.at, reading.values.front());
    return;
  }
  for (std::size_t i = 0; i < tallies_.size(); ++i) {
    Tally& tally = tallies_[i];
    const std::int64_t value = reading.values[i].mantissa;
    tally.all.add(value);
    if (normal) tally.normal.add(value);
    if (const auto& converted = reading.converted[i]) {
      tally.converted_all.add(converted->mantissa);
      if (normal) tally.converted_normal.add(converted->mantissa);
    }
    if (source_.signals[i].amount) tally.amount += i == flow_ ? value : value * reading.values[flow_].mantissa;
  }
}

char Aggregate::flag() const {
  const bool enough = source_.water ? normal_ == total_ : normal_ * 4 >= total_ * 3;
  if (enough) return 'N';
  return stopped_ == total_ ? 'F' : 'D';
}

Decimal Aggregate::amount(std::size_t signal) const {
  // Flow: m³ from m³/s, or from L/s (÷ 1000). Pollutant: kg from mg/m³ · m³/s · s or mg/L · L/s · s, both ÷ 10⁶.
  const int flow_digits = source_.signals[flow_].decimals;
  const int digits =
      signal == flow_ ? flow_digits + (source_.water ? 3 : 0) : flow_digits + source_.signals[signal].decimals + 6;
  std::int64_t value = tallies_[signal].amount * step_s_;
  if (digits <= kAmountDecimals) return Decimal{value, static_cast<std::uint8_t>(digits)};
  std::int64_t divisor = 1;
  for (int i = kAmountDecimals; i < digits; ++i) divisor *= 10;
  return Decimal{divide_half_even(value, divisor), kAmountDecimals};
}

std::string Aggregate::day_cp(Instant start) const { return source_.sound ? sound_.cp(start, true) : cp(start); }

std::string Aggregate::cp(Instant start) const {
  if (source_.sound) return sound_.cp(start, false);
  const char mark = flag();
  std::string cp = "DataTime=" + to_compact(start);
  auto out = std::back_inserter(cp);
  for (std::size_t i = 0; i < tallies_.size(); ++i) {
    const Signal& signal = source_.signals[i];
    const std::string& code = code_of(source_, signal);
    const auto decimals = static_cast<std::uint8_t>(signal.decimals);
    const auto text = [decimals](std::int64_t mantissa) { return to_text(Decimal{mantissa, decimals}); };
    const Range& range = mark == 'N' ? tallies_[i].normal : tallies_[i].all;
    const Range& converted = mark == 'N' ? tallies_[i].converted_normal : tallies_[i].converted_all;
    cp += ';';
    if (signal.amount) fmt::format_to(out, "{}-Cou={},", code, to_text(amount(i)));
    fmt::format_to(out, "{0}-Min={1},{0}-Avg={2},{0}-Max={3},", code, text(range.min),
                   text(divide_half_even(range.sum, range.count)), text(range.max));
    if (converted.count > 0) {
      fmt::format_to(out, "{0}-ZsMin={1},{0}-ZsAvg={2},{0}-ZsMax={3},", code, text(converted.min),
                     text(divide_half_even(converted.sum, converted.count)), text(converted.max));
    }
    fmt::format_to(out, "{}-Flag={}", code, mark);
  }
  return cp;
}

std::string realtime_cp(const Source& source, const Reading& reading) {
  std::string cp = "DataTime=" + to_compact(reading.at);
  auto out = std::back_inserter(cp);
  for (std::size_t i = 0; i < source.signals.size(); ++i) {
    const Signal& signal = source.signals[i];
    const std::string& code = code_of(source, signal);
    fmt::format_to(out, ";{}-Rtd={},", code, to_text(reading.values[i]));
    if (const auto& converted = reading.converted[i]) {
      fmt::format_to(out, "{}-ZsRtd={},", code, to_text(*converted));
    } else if (signal.converted && source.device.dialect == hj212::Dialect::v2025) {
      fmt::format_to(out, "{}-ZsRtd={},", code, kNoConversion2025);
    }
    fmt::format_to(out, "{}-Flag={}", code, reading.flag);
  }
  return cp;
}

}  // namespace mj::simulator

#include "sound_record.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

namespace mj::simulator {
namespace {

// Of the devices played here; a server takes its own from GB 3096.
constexpr int kDayBegins = 6;
constexpr int kNightBegins = 22;
constexpr double kDayHours = kNightBegins - kDayBegins;
constexpr double kNightPenalty = 10;

using Levels = std::vector<std::int64_t>;

/// Writes the levels of one stretch of time.
class Writer {
 public:
  Writer(std::string& area, std::uint8_t decimals)
      : area_(area), decimals_(decimals), scale_(std::pow(10.0, decimals)) {}

  /// 10·lg(mean of 10^(L/10)). Source: GB 3096-2008 §3.
  [[nodiscard]] double equivalent(const Levels& levels) const {
    double energy = 0;
    for (const std::int64_t level : levels) energy += std::pow(10.0, static_cast<double>(level) / scale_ / 10);
    return 10 * std::log10(energy / static_cast<double>(levels.size()));
  }
  /// L5 … L95, greatest and least.
  void distribution(Levels levels, std::string_view kind) {
    std::sort(levels.begin(), levels.end(), std::greater<>());
    for (const std::size_t percent : {5U, 10U, 50U, 90U, 95U}) {
      // The level exceeded so much of the time: of 100 in descending order the 10th is L10.
      const std::size_t place = (levels.size() * percent + 99) / 100;
      write(fmt::format("L{}", percent), kind, levels[place - 1]);
    }
    write("LMx", kind, levels.front());
    write("LMn", kind, levels.back());
  }
  void level(std::string_view factor, std::string_view kind, double value) {
    write(factor, kind, std::llround(value * scale_));
  }

 private:
  void write(std::string_view factor, std::string_view kind, std::int64_t mantissa) {
    fmt::format_to(std::back_inserter(area_), ";{}-{}={}", factor, kind, to_text(Decimal{mantissa, decimals_}));
  }
  std::string& area_;
  std::uint8_t decimals_;
  double scale_;
};

}  // namespace

void SoundRecord::add(Instant at, Decimal level) {
  const int hour = to_beijing(at).hour;
  decimals_ = level.decimals;
  (hour >= kDayBegins && hour < kNightBegins ? day_ : night_).push_back(level.mantissa);
}

void SoundRecord::clear() {
  day_.clear();
  night_.clear();
}

std::string SoundRecord::cp(Instant start, bool day) const {
  std::string area = "DataTime=" + to_compact(start);
  Writer writer(area, decimals_);
  Levels all = day_;
  all.insert(all.end(), night_.begin(), night_.end());
  const double equivalent = writer.equivalent(all);
  writer.distribution(std::move(all), "Data");
  if (!day) {
    writer.level("Leq", "Data", equivalent);
    return area;
  }
  if (!day_.empty()) {
    writer.distribution(day_, "DayData");
    writer.level("Ld", "DayData", writer.equivalent(day_));
  }
  if (!night_.empty()) {
    writer.distribution(night_, "NightData");
    writer.level("Ln", "NightData", writer.equivalent(night_));
  }
  if (!day_.empty() && !night_.empty()) {
    const double energy = kDayHours * std::pow(10.0, writer.equivalent(day_) / 10) +
                          (24 - kDayHours) * std::pow(10.0, (writer.equivalent(night_) + kNightPenalty) / 10);
    writer.level("Ldn", "Data", 10 * std::log10(energy / 24));
  }
  return area;
}

}  // namespace mj::simulator

#include <array>

#include "mj/statistics/table.hpp"

namespace mj::statistics {
namespace {

using registry::LocalName;
using Kind = Statistic::Kind;

struct GroupWord {
  std::string_view word;
  std::string_view zh;
  std::string_view en;
};
constexpr std::array<GroupWord, 7> kGroups{{{"point", "点位", "point"},
                                            {"district", "区县", "district"},
                                            {"city", "城市", "city"},
                                            {"province", "省份", "province"},
                                            {"river", "河流", "river"},
                                            {"basin", "流域", "basin"},
                                            {"all", "全部", "all"}}};

struct StatisticWord {
  Kind kind;
  std::string_view word;
  std::string_view zh;
  std::string_view en;
};
constexpr std::array kStatistics{
    StatisticWord{Kind::mean, "mean", "平均值", "mean"},
    StatisticWord{Kind::min, "min", "最小值", "minimum"},
    StatisticWord{Kind::max, "max", "最大值", "maximum"},
    StatisticWord{Kind::sum, "sum", "合计", "sum"},
    StatisticWord{Kind::count, "count", "有效数据数", "valid values"},
    StatisticWord{Kind::std, "std", "标准偏差", "standard deviation"},
    StatisticWord{Kind::geometric_mean, "geometric_mean", "几何平均值", "geometric mean"},
    StatisticWord{Kind::energy_mean, "energy_mean", "能量平均（等效）声级", "energetic mean"},
    StatisticWord{Kind::exceed_count, "exceed_count", "超标数", "exceeding values"},
    StatisticWord{Kind::exceed_rate, "exceed_rate", "超标率", "rate of exceedance"},
    StatisticWord{Kind::expected, "expected", "应测数", "expected values"},
    StatisticWord{Kind::valid_rate, "valid_rate", "有效率", "rate of valid values"}};

}  // namespace

std::string_view name(Group group) { return kGroups.at(static_cast<std::size_t>(group)).word; }

std::optional<Group> parse_group(std::string_view word) {
  for (std::size_t i = 0; i < kGroups.size(); ++i) {
    if (kGroups.at(i).word == word) return static_cast<Group>(i);
  }
  return std::nullopt;
}

LocalName title(Group group) {
  const GroupWord& word = kGroups.at(static_cast<std::size_t>(group));
  return {std::string(word.zh), std::string(word.en)};
}

std::string_view name(Combine combine) { return combine == Combine::pool ? "pool" : "mean"; }

std::optional<Combine> parse_combine(std::string_view word) {
  if (word == "pool") return Combine::pool;
  if (word == "mean") return Combine::mean;
  return std::nullopt;
}

std::string Statistic::id() const {
  for (const StatisticWord& word : kStatistics) {
    if (word.kind == kind) return std::string(word.word);
  }
  return "p" + to_text(percent);
}

LocalName Statistic::title() const {
  for (const StatisticWord& word : kStatistics) {
    if (word.kind == kind) return {std::string(word.zh), std::string(word.en)};
  }
  const std::string digits = to_text(percent);
  return {"第" + digits + "百分位数", digits + "th percentile"};
}

bool Statistic::has_unit() const {
  switch (kind) {
    case Kind::mean:
    case Kind::min:
    case Kind::max:
    case Kind::sum:
    case Kind::std:
    case Kind::geometric_mean:
    case Kind::energy_mean:
    case Kind::percentile: return true;
    case Kind::count:
    case Kind::exceed_count:
    case Kind::exceed_rate:
    case Kind::expected:
    case Kind::valid_rate: break;
  }
  return false;
}

Result<Statistic> parse_statistic(std::string_view word) {
  for (const StatisticWord& known : kStatistics) {
    if (known.word == word) return Statistic{known.kind, {}};
  }
  if (word == "median") return Statistic{Kind::percentile, Decimal{50, 0}};
  if (word.starts_with('p')) {
    const auto percent = parse_decimal(word.substr(1));
    if (percent && percent->decimals <= 2 && compare(*percent, Decimal{0, 0}) >= 0 &&
        compare(*percent, Decimal{100, 0}) <= 0)
      return Statistic{Kind::percentile, *percent};
  }
  return Error(
      ErrorCode::invalid_input,
      fmt::format("statistic: there is no \"{}\"; there are mean, min, max, sum, count, std, geometric_mean, "
                  "energy_mean, median, p0 … p100, exceed_count, exceed_rate, expected and valid_rate",
                  word));
}

std::vector<Statistic> statistics_known() {
  std::vector<Statistic> known;
  for (const StatisticWord& word : kStatistics) {
    known.push_back({word.kind, {}});
    if (word.kind != Kind::max) continue;
    for (const int percent : {5, 10, 25, 50, 75, 90, 95, 98})
      known.push_back({Kind::percentile, Decimal{percent, 0}});
  }
  return known;
}

}  // namespace mj::statistics

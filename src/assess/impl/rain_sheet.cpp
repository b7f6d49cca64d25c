#include <cmath>

#include "mj/assess/air_day.hpp"
#include "mj/assess/sheet.hpp"
#include "sheet_reader.hpp"
#include "sheet_writer.hpp"

namespace mj::assess {
namespace {

struct RainStretch {
  Instant last;
  std::vector<RainSample> samples;
  ExactSum amount;
  Decimal lowest;
};

std::string rain_label(Instant at, RainPeriod period) {
  const BeijingTime time = to_beijing(at);
  switch (period) {
    case RainPeriod::all: return "";
    case RainPeriod::month: return fmt::format("{:04}-{:02}", time.year, time.month);
    case RainPeriod::year: return fmt::format("{:04}", time.year);
  }
  return "";
}

}  // namespace

Result<std::size_t> rain_sheet(const SheetRun& run, const RainSheet& sheet) {
  SheetReader reader(run.input);
  MJ_CHECK(reader.open());
  MJ_TRY(const std::size_t station, reader.require(sheet.group_by.empty() ? "station" : sheet.group_by));
  MJ_TRY(const std::size_t time, reader.require("time"));
  MJ_TRY(const std::size_t ph, reader.require("ph"));
  MJ_TRY(const std::size_t rain, reader.require("rain"));
  std::map<std::pair<std::string, std::string>, RainStretch> all;
  while (true) {
    MJ_TRY(const bool more, reader.next());
    if (!more) break;
    MJ_TRY(const std::string_view name, reader.text(station));
    MJ_TRY(const Instant at, reader.time(time));
    MJ_TRY(const auto acidity, reader.amount(ph));
    MJ_TRY(const auto amount, reader.amount(rain));
    if (!acidity || !amount) continue;
    constexpr Decimal kMost{14, 0};
    if (compare(*acidity, kMost) > 0) return reader.error(ph, "a pH is from 0 to 14");
    if (amount->mantissa == 0) return reader.error(rain, "a sample without precipitation");
    RainStretch& stretch = all[{std::string(name), rain_label(at, sheet.period)}];
    if (stretch.samples.empty() || compare(*acidity, stretch.lowest) < 0) stretch.lowest = *acidity;
    stretch.last = std::max(stretch.last, at);
    stretch.samples.push_back({*acidity, *amount});
    if (!stretch.amount.add(*amount)) return reader.error(rain, "the amount has more than 12 decimals");
  }
  SheetWriter writer(run.output, run.format,
                     {sheet.group_by.empty() ? "station" : sheet.group_by, "time", "samples", "rain", "ph",
                      "ph_min", "acid_frequency", "grade", "standard", "verification"});
  for (const auto& [key, stretch] : all) {
    MJ_TRY(const Precipitation result, judge_precipitation(run.standards, stretch.last, stretch.samples));
    writer.text(key.first).text_or_none(key.second).integer(static_cast<std::int64_t>(stretch.samples.size()));
    constexpr std::uint8_t kAmountDecimals = 1;
    writer.decimal(stretch.amount.sum().round(kAmountDecimals));
    writer.decimal(result.ph ? std::optional(round_gb8170(Decimal{std::llround(*result.ph * 1e9), 9}, 2))
                             : std::nullopt);
    writer.decimal(stretch.lowest).decimal(result.acid_frequency);
    writer.text_or_none(result.grade == nullptr ? "" : result.grade->text("name_zh"));
    writer.text_or_none(result.grade == nullptr ? "" : result.grade->edition);
    writer.text(standards::name(result.verification));
    MJ_CHECK(writer.end_row());
  }
  MJ_CHECK(writer.finish());
  return reader.row();
}

}  // namespace mj::assess

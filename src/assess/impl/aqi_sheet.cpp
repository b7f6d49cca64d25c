#include <optional>

#include "hours.hpp"
#include "mj/assess/sheet.hpp"
#include "sheet_reader.hpp"
#include "sheet_writer.hpp"

namespace mj::assess {
namespace {

/// The six pollutants have a column of their own in every edition, in this order.
constexpr std::array<std::string_view, 6> kPollutants{"pm25", "pm10", "so2", "no2", "co", "o3"};

/// An edition with the places of its items in the table at hand.
struct Edition {
  AqiTable table;
  std::vector<std::optional<std::size_t>> input;  ///< by item: column of the table, if it has one
  std::vector<std::size_t> output;                ///< by item: place in kPollutants
  std::vector<std::string> names;                 ///< of the categories, by level
  std::string label;
};

/// A maximum of the hours has a column of its own beside the daily value: `o3_1h`.
std::string input_column(const standards::AqiItem& item) {
  constexpr std::string_view kMaximum = "_max";
  std::string name = column_name(item.pollutant);
  if (item.period.ends_with(kMaximum)) name += "_" + item.period.substr(0, item.period.size() - kMaximum.size());
  return name;
}

Result<Edition> prepare(const standards::AqiStandard& standard, const AqiSheet& sheet, const SheetReader& reader) {
  Edition edition{AqiTable(standard, sheet.report), {}, {}, std::vector<std::string>(7), standard.edition.id};
  standards::Verification worst = standards::Verification::verified;
  for (const standards::AqiItem& item : edition.table.items()) {
    worst = std::max(worst, item.verification);
    const std::string column = input_column(item);
    const std::string pollutant = column_name(item.pollutant);
    const auto place = std::find(kPollutants.begin(), kPollutants.end(), pollutant);
    if (place == kPollutants.end() || edition.table.items().size() > kMostAqiItems)
      return Error(ErrorCode::internal, fmt::format("{}: {} has no column", standard.edition.id, item.pollutant));
    edition.output.push_back(static_cast<std::size_t>(place - kPollutants.begin()));
    edition.input.push_back(reader.find(column));
    if (column == pollutant && !edition.input.back()) return reader.require(column).error();
  }
  for (const standards::AqiCategory& category : standard.categories)
    edition.names[static_cast<std::size_t>(category.level)] = sheet.english ? category.name.en : category.name.zh;
  if (worst == standards::Verification::unverified) edition.label += fmt::format(" ({})", standards::name(worst));
  return edition;
}

/// The editions that may judge, and the one that judges a moment.
class Editions {
 public:
  static Result<Editions> load(const SheetRun& run, const AqiSheet& sheet, const SheetReader& reader) {
    Editions editions;
    editions.chosen_ = !run.standard.empty();
    std::string known;
    for (const standards::AqiStandard& standard : run.standards.aqi_editions()) {
      known += (known.empty() ? "" : ", ") + standard.edition.id;
      if (editions.chosen_ && standard.edition.id != run.standard) continue;
      if (sheet.report == AqiReport::daily && standard.daily.empty()) continue;
      MJ_TRY(auto prepared, prepare(standard, sheet, reader));
      editions.all_.push_back(std::move(prepared));
    }
    if (editions.all_.empty())
      return Error(
          ErrorCode::not_found,
          fmt::format("there is no air quality index standard \"{}\"; there are: {}", run.standard, known));
    return editions;
  }

  /// Null when none is in force.
  [[nodiscard]] const Edition* at(Instant moment) const {
    for (const Edition& edition : all_) {
      if (edition.table.standard().edition.validity.contains(moment)) return &edition;
    }
    return chosen_ ? &all_.back() : nullptr;
  }

 private:
  std::vector<Edition> all_;
  bool chosen_ = false;
};

void write(SheetWriter& writer, const Edition& edition, const AqiVerdict& verdict, std::string& scratch) {
  std::array<int, kPollutants.size()> indices{};
  indices.fill(AqiVerdict::kNone);
  scratch.clear();
  std::uint8_t named = 0;
  for (std::size_t i = 0; i < edition.output.size(); ++i) {
    const std::size_t place = edition.output[i];
    indices[place] = std::max(indices[place], static_cast<int>(verdict.iaqi[i]));
    if ((verdict.primary >> i & 1U) == 0 || (named >> place & 1U) != 0) continue;
    named = static_cast<std::uint8_t>(named | 1U << place);
    if (!scratch.empty()) scratch += '+';
    scratch += edition.table.items()[i].pollutant;
  }
  if (verdict.level == 0) {
    writer.none().none().none();
  } else {
    writer.integer(verdict.aqi).text(edition.names[verdict.level]).text_or_none(scratch);
  }
  for (const int index : indices) {
    if (index < 0) {
      writer.none();
    } else {
      writer.integer(index);
    }
  }
  writer.text(edition.label);
}

}  // namespace

Result<std::size_t> aqi_sheet(const SheetRun& run, const AqiSheet& sheet) {
  SheetReader reader(run.input);
  MJ_CHECK(reader.open());
  MJ_TRY(const std::size_t code, reader.require("code"));
  MJ_TRY(const std::size_t time, reader.require("time"));
  MJ_TRY(const Editions editions, Editions::load(run, sheet, reader));
  std::vector<std::string> columns{"code", "time", "aqi", "category", "primary"};
  for (const std::string_view pollutant : kPollutants) columns.push_back(fmt::format("iaqi_{}", pollutant));
  columns.emplace_back("standard");
  SheetWriter writer(run.output, run.format, std::move(columns));
  const std::int64_t to_start = sheet.report == AqiReport::hourly && !sheet.label_is_start ? -kHourMs : 0;
  std::array<Decimal, kMostAqiItems> values{};
  std::string scratch;
  while (true) {
    MJ_TRY(const bool more, reader.next());
    if (!more) break;
    MJ_TRY(const std::string_view code_text, reader.text(code));
    MJ_TRY(const Instant moment, reader.time(time));
    const Edition* edition = editions.at(moment.plus_ms(to_start));
    if (edition == nullptr)
      return reader.error(time,
                          "no air quality index standard of the tables was in force then; choose one by name");
    unsigned present = 0;
    unsigned exempt = 0;
    for (std::size_t i = 0; i < edition->input.size(); ++i) {
      if (!edition->input[i]) continue;
      MJ_TRY(const auto value, reader.amount(*edition->input[i]));
      if (!value) {
        // "/" is how the standard marks an item outside the programme of the site, NA one that was not measured.
        if (reader.cell(*edition->input[i]) == "/") exempt |= 1U << i;
        continue;
      }
      values[i] = *value;
      present |= 1U << i;
    }
    writer.text(code_text).text(reader.cell(time));
    write(writer, *edition, edition->table.evaluate(values, present, exempt), scratch);
    MJ_CHECK(writer.end_row());
  }
  MJ_CHECK(writer.finish());
  return reader.row();
}

}  // namespace mj::assess

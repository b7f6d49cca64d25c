#include "mj/assess/emission.hpp"
#include "mj/assess/sheet.hpp"
#include "sheet_reader.hpp"
#include "sheet_writer.hpp"

namespace mj::assess {
namespace {

constexpr std::uint8_t kMultipleDecimals = 2;
constexpr std::uint8_t kMassDecimals = 6;
constexpr std::uint8_t kConvertedDecimals = 4;

/// Columns that say something of the outlet, not of an item.
constexpr std::array<std::string_view, 11> kTerms{
    "outlet", "time", "standard", "category", "unit_type", "condition", "t", "built", "o2", "flow", "volume"};

class EmissionRows {
 public:
  static Result<EmissionRows> open(const SheetRun& run, const EmissionSheet& sheet, const SheetReader& reader) {
    EmissionRows rows;
    for (std::size_t i = 0; i < kTerms.size(); ++i) rows.places_[i] = reader.find(kTerms[i]);
    MJ_TRY([[maybe_unused]] const std::size_t outlet, reader.require("outlet"));
    MJ_TRY([[maybe_unused]] const std::size_t time, reader.require("time"));
    rows.defaults_.standard = run.standard;
    rows.defaults_.category = sheet.category;
    rows.defaults_.unit_type = sheet.unit_type;
    if (run.standard.empty() && !reader.find("standard"))
      return Error(ErrorCode::invalid_input,
                   "which standard applies is not in the table: name it, or add a column standard");
    for (const char* kind : {"effluent_limits", "stack_limits"}) {
      for (const standards::RuleRow& row : run.standards.rules(kind)) {
        const std::string name = column_name(row.text("item"));
        const auto place = reader.find(name);
        const bool known =
            std::any_of(rows.items_.begin(), rows.items_.end(), [&](const auto& i) { return i.first == name; });
        if (place && !known) rows.items_.emplace_back(name, *place);
      }
    }
    if (rows.items_.empty())
      return Error(ErrorCode::invalid_input, "header: no column of an item such as cod, nh3n, so2, nox");
    return rows;
  }

  [[nodiscard]] std::optional<std::size_t> place(std::string_view term) const {
    const auto found = std::find(kTerms.begin(), kTerms.end(), term);
    return places_[static_cast<std::size_t>(found - kTerms.begin())];
  }
  [[nodiscard]] const std::vector<std::pair<std::string, std::size_t>>& items() const { return items_; }

  [[nodiscard]] Result<OutletTerms> terms(const SheetReader& reader) const {
    OutletTerms terms = defaults_;
    const auto take = [&](std::string_view name, std::string& into) {
      if (const auto column = place(name); column && !reader.missing(*column)) into = reader.cell(*column);
    };
    take("standard", terms.standard);
    take("category", terms.category);
    take("unit_type", terms.unit_type);
    take("condition", terms.condition);
    MJ_TRY(terms.temperature, number(reader, "t"));
    MJ_TRY(const auto built, number(reader, "built"));
    if (built) terms.built = static_cast<int>(round_gb8170(*built, 0).mantissa);
    return terms;
  }
  [[nodiscard]] Result<std::optional<Decimal>> number(const SheetReader& reader, std::string_view term) const {
    const auto column = place(term);
    if (!column) return std::optional<Decimal>();
    return reader.number(*column);
  }

 private:
  std::array<std::optional<std::size_t>, kTerms.size()> places_{};
  OutletTerms defaults_;
  std::vector<std::pair<std::string, std::size_t>> items_;
};

std::optional<bool> within(const OutletLimit& limit, Decimal value) {
  if (limit.row == nullptr || !limit.high) return std::nullopt;
  return compare(value, *limit.high) <= 0 && (!limit.low || compare(value, *limit.low) >= 0);
}

}  // namespace

Result<std::size_t> emission_sheet(const SheetRun& run, const EmissionSheet& sheet) {
  SheetReader reader(run.input);
  MJ_CHECK(reader.open());
  MJ_TRY(const EmissionRows rows, EmissionRows::open(run, sheet, reader));
  SheetWriter writer(run.output, run.format,
                     {"outlet", "time", "item", "measured", "o2", "o2_reference", "judged", "limit_low", "limit",
                      "exceed", "compliant", "mass", "mass_unit", "note", "standard", "clause", "verification"});
  while (true) {
    MJ_TRY(const bool more, reader.next());
    if (!more) break;
    MJ_TRY(const std::string_view outlet, reader.text(*rows.place("outlet")));
    MJ_TRY(const Instant at, reader.time(*rows.place("time")));
    MJ_TRY(const OutletTerms terms, rows.terms(reader));
    MJ_TRY(const auto oxygen, rows.number(reader, "o2"));
    MJ_TRY(const auto flow, rows.number(reader, "flow"));
    MJ_TRY(const auto volume, rows.number(reader, "volume"));
    const standards::RuleRow* reference = reference_oxygen(run.standards, at, terms.standard, terms.unit_type);
    for (const auto& [item, place] : rows.items()) {
      MJ_TRY(const auto measured, reader.measured(place));
      if (!measured) continue;
      Decimal value = measured->value;
      if (measured->below_detection) value = {value.mantissa * 5, static_cast<std::uint8_t>(value.decimals + 1)};
      auto limit = outlet_limit(run.standards, at, terms, item);
      if (!limit) return limit.error().context(fmt::format("row {}", reader.row()));
      if (limit->row == nullptr) continue;
      auto weakest = limit->row->verification;
      std::optional<Decimal> judged = value;
      std::string note(limit->strictest ? "strictest of several rows" : "");
      if (reference != nullptr) {
        judged.reset();
        weakest = std::max(weakest, reference->verification);
        if (!oxygen) {
          note += note.empty() ? "no oxygen" : "; no oxygen";
        } else {
          MJ_TRY(const auto converted,
                 at_reference_oxygen(run.standards, value, *oxygen, reference->decimal("oxygen")));
          if (converted) judged = converted->round(kConvertedDecimals);
          if (!converted) note += note.empty() ? "oxygen too high" : "; oxygen too high";
        }
      }
      std::optional<Decimal> exceed;
      const auto compliant = judged ? within(*limit, *judged) : std::nullopt;
      if (compliant == false && !limit->low && limit->high && limit->high->mantissa > 0)
        exceed = ((Exact(*judged) - *limit->high) / *limit->high).round(kMultipleDecimals);
      // What was not detected counts 0 in loads.
      const Decimal counted = measured->below_detection ? Decimal{} : measured->value;
      std::optional<Decimal> mass;
      if (flow) mass = gas_rate(counted, *flow).round(kMassDecimals);
      if (volume) mass = water_mass(counted, *volume).round(kMassDecimals);
      const bool concentration = limit->row->text("unit").starts_with("mg/");
      writer.text(outlet).text(reader.cell(*rows.place("time"))).text(limit->row->text("item")).decimal(value);
      writer.decimal(oxygen)
          .decimal(reference == nullptr ? std::nullopt : reference->number("oxygen"))
          .decimal(judged);
      writer.decimal(limit->low).decimal(limit->high).decimal(exceed).yes_no(compliant);
      writer.decimal(concentration ? mass : std::nullopt);
      writer.text_or_none(!concentration || !mass ? "" : volume ? "kg" : "kg/h").text_or_none(note);
      writer.text(limit->row->edition).text(limit->row->clause).text(standards::name(weakest));
      MJ_CHECK(writer.end_row());
    }
  }
  MJ_CHECK(writer.finish());
  return reader.row();
}

}  // namespace mj::assess

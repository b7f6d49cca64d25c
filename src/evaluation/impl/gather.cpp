#include "gather.hpp"

namespace mj::evaluation {
namespace {

constexpr std::size_t kMostOrigins = 255;

}  // namespace

std::string Gatherer::unit_of(const registry::PointView& point, std::string_view device,
                              std::string_view factor) const {
  // Files are stored in the unit of their element's standards; what devices send is said by the register or the code table.
  if (telemetry::is_imported(device) && evaluator_.usual_unit) {
    if (std::string unit = evaluator_.usual_unit(standards_, factor); !unit.empty()) return unit;
  }
  // "w01018=µg/L,w21003=mg/L"
  if (const auto found = point.attributes.find("units"); found != point.attributes.end()) {
    std::string_view rest = found->second;
    while (!rest.empty()) {
      const std::string_view item = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), item.size() + 1));
      const std::size_t equals = item.find('=');
      if (equals != std::string_view::npos && standards_.canonical(item.substr(0, equals)) == factor)
        return std::string(item.substr(equals + 1));
    }
  }
  const standards::Factor* known = standards_.factor(factor);
  return known == nullptr ? std::string() : known->unit;
}

void Gatherer::learn(std::span<const telemetry::ScanForm> forms) {
  for (std::size_t i = forms_.size(); i < forms.size(); ++i) {
    const auto found = std::find(flags_.begin(), flags_.end(), forms[i].flag);
    const auto place = static_cast<std::uint16_t>(found - flags_.begin());
    if (found == flags_.end()) flags_.push_back(forms[i].flag);
    forms_.emplace_back(standards_.flag(forms[i].flag).measurement, place);
  }
}

std::optional<Sample> Gatherer::sample_of(const Part& part, std::size_t i, std::string_view unit) {
  const telemetry::ScanSeries& series = *part.series;
  const auto [usable, flag] = forms_[series.form[i]];
  std::optional<Decimal> value = series.decimal(i);
  if (part.unit != unit) value = standards_.convert(*value, part.unit, unit);
  if (!value) return std::nullopt;
  Sample sample{series.at_ms[i], *value, series.entry[i], usable, 0, flag, 0};
  if (!series.below_detection(i)) return sample;
  const standards::RuleRow* rule = non_detects_.at(series.at(i));
  if (rule == nullptr) return std::nullopt;
  limits_.push_back({*value, rule});
  sample.limit = static_cast<std::uint32_t>(limits_.size());
  sample.value = standards::counted(*rule, *value);
  return sample;
}

void Gatherer::take(const RosterPoint& point, const Part& part, std::string_view unit, bool always,
                    std::size_t order) {
  const telemetry::ScanSeries& series = *part.series;
  const registry::PointView* view = nullptr;
  Instant known_until = Instant::from_ms(std::numeric_limits<std::int64_t>::min());
  bool stands = always;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (!series.has_number(i)) continue;
    if (!always && series.at(i) >= known_until) {
      view = nullptr;
      for (const RosterPoint::Spell& spell : point.spells()) {
        if (series.at(i) < spell.from || series.at(i) >= spell.to) continue;
        view = spell.view;
        known_until = spell.to;
      }
      stands = view != nullptr && std::find(view->reporters.begin(), view->reporters.end(), series.key->device) !=
                                      view->reporters.end();
    }
    if (!stands) continue;
    if (const auto sample = sample_of(part, i, unit)) candidates_.push_back(Candidate{*sample, order});
  }
}

PointValues Gatherer::gather(const RosterPoint& point, const telemetry::ScanGroup& group, Instant from,
                             Instant to) {
  const std::vector<std::string> reporters = point.reporters();
  const bool always = point.spells().size() == 1 && point.spells().front().view != nullptr;
  parts_.clear();
  limits_.clear();
  for (const telemetry::ScanSeries& series : group.series) {
    learn(series.forms);
    const auto reporter = std::find(reporters.begin(), reporters.end(), series.key->device) - reporters.begin();
    parts_.push_back(Part{&series,
                          standards_.canonical(series.key->factor),
                          telemetry::period_of(series.key->cn),
                          static_cast<std::size_t>(reporter),
                          {}});
    parts_.back().unit = unit_of(point.newest(), series.key->device, parts_.back().factor);
  }
  std::sort(parts_.begin(), parts_.end(), [](const Part& a, const Part& b) {
    return std::tie(a.factor, b.period, a.series->key->kind, a.reporter, a.series->key->st, a.series->key->cn,
                    a.series->key->factor) < std::tie(b.factor, a.period, b.series->key->kind, b.reporter,
                                                      b.series->key->st, b.series->key->cn, b.series->key->factor);
  });
  series_.clear();
  std::size_t used = 0;
  units_.clear();
  units_.reserve(parts_.size());  // views of them are handed out
  for (std::size_t begin = 0; begin < parts_.size();) {
    std::size_t end = begin;
    candidates_.clear();
    const auto same = [&](const Part& part) {
      return part.factor == parts_[begin].factor && part.period == parts_[begin].period &&
             part.series->key->kind == parts_[begin].series->key->kind;
    };
    for (; end < parts_.size() && same(parts_[end]); ++end)
      take(point, parts_[end], parts_[begin].unit, always, end);
    if (end - begin > 1) {
      std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
        return std::tie(a.sample.at_ms, a.order) < std::tie(b.sample.at_ms, b.order);
      });
      candidates_.erase(
          std::unique(candidates_.begin(), candidates_.end(),
                      [](const Candidate& a, const Candidate& b) { return a.sample.at_ms == b.sample.at_ms; }),
          candidates_.end());
    }
    if (!candidates_.empty()) {
      if (samples_.size() <= used) samples_.emplace_back();
      std::vector<Sample>& samples = samples_[used++];
      samples.clear();
      for (const Candidate& candidate : candidates_) {
        samples.push_back(candidate.sample);
        samples.back().origin = static_cast<std::uint8_t>(std::min(candidate.order - begin, kMostOrigins));
      }
      if (origins_.size() < used) origins_.emplace_back();
      std::vector<SampleOrigin>& origins = origins_[used - 1];
      origins.clear();
      for (std::size_t i = begin; i < std::min(end, begin + kMostOrigins); ++i) {
        const auto scale = standards_.convert(Decimal{1, 0}, parts_[i].unit, parts_[begin].unit);
        origins.push_back({parts_[i].series->key, scale.value_or(Decimal{1, 0})});
      }
      SampleSeries series;
      series.factor = parts_[begin].factor;
      series.kind = parts_[begin].series->key->kind;
      series.period = parts_[begin].period;
      units_.push_back(parts_[begin].unit);
      series.unit = units_.back();
      series_.push_back(series);
    }
    begin = end;
  }
  for (std::size_t i = 0; i < series_.size(); ++i) {
    series_[i].samples = samples_[i];
    series_[i].flags = flags_;
    series_[i].limits = limits_;
    series_[i].origins = origins_[i];
  }
  return PointValues{&point, from, to, series_};
}

std::span<const Sample> SampleSeries::within(Instant from, Instant to) const {
  const auto before = [](const Sample& sample, std::int64_t ms) { return sample.at_ms < ms; };
  const auto first = std::lower_bound(samples.begin(), samples.end(), from.ms(), before);
  const auto last = std::lower_bound(first, samples.end(), to.ms(), before);
  return {first, last};
}

const SampleSeries* PointValues::find(std::string_view factor, telemetry::Period period,
                                      std::string_view kind) const {
  for (const SampleSeries& candidate : series) {
    if (candidate.factor == factor && candidate.period == period && candidate.kind == kind) return &candidate;
  }
  return nullptr;
}

}  // namespace mj::evaluation

#include "mj/evaluation/result.hpp"

namespace mj::evaluation {
namespace {

/// Mixes 64 bits well (the finaliser of SplitMix64).
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15ULL;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31);
}

}  // namespace

void Inputs::add(std::int64_t at_ms, Decimal value, std::uint64_t entry) {
  ++count;
  first_entry = std::min(first_entry, entry);
  last_entry = std::max(last_entry, entry);
  // A sum: the order in which values come does not matter.
  digest += mixed(static_cast<std::uint64_t>(at_ms) ^
                  mixed(static_cast<std::uint64_t>(value.mantissa) ^ mixed(value.decimals ^ mixed(entry))));
}

void Inputs::add(const Inputs& other) {
  count += other.count;
  expected += other.expected;
  if (other.count == 0) return;
  first_entry = std::min(first_entry, other.first_entry);
  last_entry = std::max(last_entry, other.last_entry);
  digest += other.digest;
}

Figure figure_of(const Row& row, const std::vector<Indicator>& indicators, const std::vector<Grade>& grades) {
  Figure figure;
  figure.subject = row.subject;
  figure.level = row.level;
  figure.indicator = indicators.at(row.indicator).id;
  figure.period = row.period;
  figure.value = row.value;
  if (row.grade > 0) figure.grade = grades.at(row.grade - 1U);
  figure.primary = row.primary;
  figure.complete = row.complete;
  figure.reason = row.reason;
  figure.standard = row.standard;
  figure.verification = row.verification;
  figure.inputs = row.inputs;
  return figure;
}

std::string proof_part(std::string_view text) {
  std::string part;
  for (const char c : text) {
    const bool plain = c > ' ' && c < '\x7F' && c != '/' && c != '%';
    part += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return part;
}

std::string proof_name(std::string_view element, Level level, std::string_view subject, std::string_view indicator,
                       const EvaluationPeriod& period) {
  return fmt::format("result/{}/{}/{}/{}/{}/{}", element, name(level), proof_part(subject), proof_part(indicator),
                     to_compact(period.begin), to_compact(period.end()));
}

std::string proof_name(const telemetry::SeriesKey& series, Instant at) {
  return fmt::format("value/{}/{}/{}/{}/{}/{}", proof_part(series.device), proof_part(series.st),
                     proof_part(series.cn), proof_part(series.factor), proof_part(series.kind), to_compact(at));
}

}  // namespace mj::evaluation

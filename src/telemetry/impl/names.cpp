#include "mj/telemetry/ledger.hpp"
#include "mj/telemetry/observation.hpp"

namespace mj::telemetry {

std::string_view name(Period period) {
  switch (period) {
    case Period::instant: return "instant";
    case Period::minute: return "minute";
    case Period::hour: return "hour";
    case Period::day: return "day";
  }
  return "instant";
}

std::optional<Period> parse_period(std::string_view word) {
  for (const Period period : {Period::instant, Period::minute, Period::hour, Period::day}) {
    if (word == name(period)) return period;
  }
  return std::nullopt;
}

Period period_of(std::string_view cn) {
  if (cn == "2051") return Period::minute;
  if (cn == "2061") return Period::hour;
  if (cn == "2031" || cn == "2041") return Period::day;
  return Period::instant;
}

std::string_view name(Disposition disposition) {
  switch (disposition) {
    case Disposition::stored: return "stored";
    case Disposition::duplicate: return "duplicate";
    case Disposition::rejected: return "rejected";
    case Disposition::quarantined: return "quarantined";
    case Disposition::pending: return "pending";
  }
  return "pending";
}

std::optional<Disposition> parse_disposition(std::string_view word) {
  for (const Disposition disposition : {Disposition::stored, Disposition::duplicate, Disposition::rejected,
                                        Disposition::quarantined, Disposition::pending}) {
    if (word == name(disposition)) return disposition;
  }
  return std::nullopt;
}

}  // namespace mj::telemetry

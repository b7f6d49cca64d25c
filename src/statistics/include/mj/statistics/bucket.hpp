#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mj/kernel/instant.hpp"
#include "mj/registry/network.hpp"

namespace mj::statistics {

/// A bucket of Beijing time 统计时段. `season`: the three months from March, June, September and December 季节; `all`: one for everything.
enum class Bucket { hour, day, month, season, quarter, year, all };
/// "hour", "day" …. Errors: none for another word.
[[nodiscard]] std::string_view name(Bucket bucket);
[[nodiscard]] std::optional<Bucket> parse_bucket(std::string_view word);
[[nodiscard]] registry::LocalName title(Bucket bucket);

/// A time from `begin` to before `end`.
struct Span {
  Instant begin;
  Instant end;
};

/// The bucket in which a moment lies. For Bucket::all the first and the last representable moment.
[[nodiscard]] Span bucket_of(Bucket bucket, Instant at);
/// `2026-03-01 14:00`, `2026-03-01`, `2026-03`, `2026 spring`, `2026-Q1`, `2026`, `all`. A winter is named after the year of its December.
[[nodiscard]] std::string label(Bucket bucket, Instant begin);
/// Which of the buckets of a year it is, from 0; 0 where there is one a year or none.
[[nodiscard]] int season_of(Bucket bucket, Instant begin);
/// How many buckets a range touches, or one more than `most` when there are more.
[[nodiscard]] std::size_t count_buckets(Bucket bucket, Instant from, Instant to, std::size_t most);

/// Reads `2026`, `2026-Q1` or `2026-03`: a period of appraisal or ranking. Errors: none for anything else.
struct NamedPeriod {
  Bucket bucket = Bucket::month;
  Span span;
};
[[nodiscard]] std::optional<NamedPeriod> parse_named_period(std::string_view text);

}  // namespace mj::statistics

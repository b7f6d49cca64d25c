#include "dictionary.hpp"

namespace mj::telemetry {
namespace {

/// Joins the parts of a name with a byte that cannot occur in them.
void join(std::string& out, std::string_view a, std::string_view b) {
  out.assign(a);
  out.push_back('\n');
  out.append(b);
}

std::size_t hash_of(const Form& form) {
  const std::size_t numbers = form.decimals + (form.kept_text ? 64U : 0U) + (form.below_detection ? 32U : 0U) +
                              std::size_t{form.revision} * 128U;
  return std::hash<std::string>{}(form.flag) ^ (numbers * 0x9E3779B97F4A7C15ULL);
}

}  // namespace

FormId FormTable::find(const Form& form) {
  if (last_.raw() < forms_.size() && forms_[last_.raw()] == form) return last_;
  const std::size_t hash = hash_of(form);
  const auto [begin, end] = by_hash_.equal_range(hash);
  for (auto it = begin; it != end; ++it) {
    if (forms_[it->second.raw()] == form) return last_ = it->second;
  }
  last_ = FormId(static_cast<std::uint32_t>(forms_.size()));
  forms_.push_back(form);
  by_hash_.emplace(hash, last_);
  return last_;
}

SeriesId SeriesTable::Stream::find(SeriesTable& table, std::size_t hint, std::string_view factor,
                                   std::string_view kind) {
  if (hint < order_.size()) {
    const Series& expected = table.series_[order_[hint].raw()];
    if (expected.factor == factor && expected.kind == kind) return order_[hint];
  }
  std::string name;
  join(name, factor, kind);
  const auto found = by_name_.find(name);
  const SeriesId id = found == by_name_.end() ? table.add(*this, factor, kind) : found->second;
  if (hint < order_.size()) {
    order_[hint] = id;
  } else if (hint == order_.size()) {
    order_.push_back(id);
  }
  return id;
}

SeriesTable::Stream& SeriesTable::stream(std::string_view device, std::string_view st, std::string_view cn) {
  join(look_up_, device, st);
  look_up_.push_back('\n');
  look_up_.append(cn);
  const auto [found, added] =
      by_name_.try_emplace(look_up_, StreamId(static_cast<std::uint32_t>(streams_.size())));
  if (added) {
    Stream& made = streams_.emplace_back();
    made.id_ = found->second;
    made.device_ = device;
    made.st_ = st;
    made.cn_ = cn;
  }
  return streams_[found->second.raw()];
}

void SeriesTable::load(StreamId stream, std::string_view factor, std::string_view kind) {
  add(streams_[stream.raw()], factor, kind);
}

SeriesKey SeriesTable::key(SeriesId id) const {
  const Series& series = series_[id.raw()];
  const Stream& stream = streams_[series.stream.raw()];
  return SeriesKey{stream.device_, stream.st_, stream.cn_, series.factor, series.kind};
}

SeriesId SeriesTable::add(Stream& stream, std::string_view factor, std::string_view kind) {
  const SeriesId id(static_cast<std::uint32_t>(series_.size()));
  series_.push_back(Series{stream.id_, std::string(factor), std::string(kind)});
  states_.emplace_back();
  std::string name;
  join(name, factor, kind);
  stream.by_name_.emplace(std::move(name), id);
  return id;
}

}  // namespace mj::telemetry

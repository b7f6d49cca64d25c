#include "series_table.hpp"

namespace mj::telemetry {
namespace {

/// Joins the parts of a name with a byte that cannot occur in them.
void join(std::string& out, std::string_view a, std::string_view b) {
  out.assign(a);
  out.push_back('\n');
  out.append(b);
}

}  // namespace

SeriesId SeriesTable::Stream::find(SeriesTable& table, std::size_t hint, std::string_view factor, std::string_view kind) {
  if (hint < order_.size()) {
    const SeriesKey& expected = table.keys_[order_[hint].raw()];
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
  join(stream_name_, device, st);
  stream_name_.push_back('\n');
  stream_name_.append(cn);
  const auto found = streams_.find(stream_name_);
  if (found != streams_.end()) return found->second;
  Stream& stream = streams_[stream_name_];
  stream.device = device;
  stream.st = st;
  stream.cn = cn;
  return stream;
}

void SeriesTable::load(SeriesKey key) {
  Stream& home = stream(key.device, key.st, key.cn);
  add(home, key.factor, key.kind);
}

SeriesId SeriesTable::add(Stream& stream, std::string_view factor, std::string_view kind) {
  const SeriesId id(static_cast<std::uint32_t>(keys_.size()));
  keys_.push_back(SeriesKey{stream.device, stream.st, stream.cn, std::string(factor), std::string(kind)});
  states_.emplace_back();
  std::string name;
  join(name, factor, kind);
  stream.by_name_.emplace(std::move(name), id);
  return id;
}

}  // namespace mj::telemetry

#include "mj/evidence_format/merkle.hpp"
#include "mj/kernel/bytes.hpp"
#include "schema.hpp"
#include "store_impl.hpp"

namespace mj::telemetry {

Result<std::string> Store::digest() const {
  // The sum of the rows' SHA-256 digests: it does not depend on the order in which rows happen to be stored, nor on the
  // numbers that series were given.
  return impl_->with_reader([&](duck::Connection& connection) -> Result<std::string> {
    std::array<std::uint64_t, 4> sum{};
    std::uint64_t count = 0;
    MJ_TRY(duck::Rows series, connection.query("SELECT e.id, s.device, s.st, s.cn, e.factor, e.kind FROM series e "
                                               "JOIN stream s ON s.id = e.stream ORDER BY e.id"));
    std::vector<std::string> names;
    while (series.next()) {
      names.push_back(fmt::format("{}\n{}\n{}\n{}\n{}\n", series.text(1), series.text(2), series.text(3),
                                  series.text(4), series.text(5)));
    }
    for (const char* table : {"settled", "recent", "superseded"}) {
      MJ_TRY(duck::Rows rows, connection.stream(select_observations(table)));
      while (rows.next()) {
        const Observation value = observation_from(rows, 0);
        const std::string row = fmt::format("{}{}\n{}\n{}\n{}\n{}", names[value.series.raw()], value.at.ms(),
                                            value.revision, value.text, value.flag, value.entry);
        const Digest digest = evidence_format::sha256(as_bytes(row));
        for (std::size_t lane = 0; lane < sum.size(); ++lane) {
          std::uint64_t part = 0;
          std::memcpy(&part, digest.data() + lane * sizeof(part), sizeof(part));
          sum[lane] += part;
        }
        ++count;
      }
    }
    const std::string total =
        fmt::format("{}\n{:016x}{:016x}{:016x}{:016x}", count, sum[0], sum[1], sum[2], sum[3]);
    return to_hex(evidence_format::sha256(as_bytes(total)));
  });
}

}  // namespace mj::telemetry

#include "evaluation_sources.hpp"

#include "mj/runtime/clock.hpp"

namespace mj::app {

evaluation::Sources evaluation_sources(const telemetry::Store& values, const standards::StandardSet& standards,
                                       const registry::Book& book) {
  return evaluation::Sources{
      values, standards, [&book] { return book.revision(); },
      [&book](std::string_view element) { return evaluation::Roster::from_book(book, element); },
      runtime::system_clock()};
}

}  // namespace mj::app

// A small utility, consistent in every table that verify reads: one account with one meter, one
// month read, settled, billed and half paid. Statements for a superuser; months are of `today`.
#pragma once

#include <string>

namespace karez::verify::tests {

std::string World();

// The lines of the fleet's journal that tell of its readings.
std::string JournalText();

}  // namespace karez::verify::tests

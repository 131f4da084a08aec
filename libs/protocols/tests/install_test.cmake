# Installs the component, builds the example against it and runs it.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE out)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${ARGV}\n${out}")
  endif()
  set(out "${out}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${SCRATCH}")
run("${CMAKE_COMMAND}" --install "${BUILD}" --component protocols --prefix "${SCRATCH}/prefix")
run("${CMAKE_COMMAND}" -S "${EXAMPLE}" -B "${SCRATCH}/build" -G Ninja "-DCMAKE_CXX_COMPILER=${CXX}"
    "-DCMAKE_PREFIX_PATH=${SCRATCH}/prefix")
run("${CMAKE_COMMAND}" --build "${SCRATCH}/build")
run("${SCRATCH}/build/read-a-meter")
if(NOT out STREQUAL "meter 78330011223344: 556677000000 mL\n")
  message(FATAL_ERROR "the example says: ${out}")
endif()
run("${SCRATCH}/prefix/bin/frame-decode" 68 10 44 33 22 11 00 33 78 01 03 1F 90 00 80 16)

package io.github.bpipe.core.error;

/**
 * How a program ends: one code per class of failure, because the job log of Bareos shows nothing of a reader but its
 * exit code (as 2^28 + code).
 *
 * <p>200 to 208 and 255 are what the file daemon itself uses for a child that could not be run, and codes from 126 to
 * 165 are a shell's; none of them is used here. One code has two meanings: 1 is also what a checker answers that found
 * something, as the usual ones do.
 */
public enum ExitCode {
    OK(0, "everything was done"),
    FINDINGS(1, "bareos-config lint found errors, extract nothing, or diff differences"),
    USAGE(2, "the command line or the profile is wrong"),
    /** Given by the Java virtual machine itself ({@code -XX:+ExitOnOutOfMemoryError}), so it cannot be another. */
    MEMORY(3, "the program ran out of memory, which is a defect in it"),
    EXISTS(4, "a file exists already with other contents and was not replaced"),
    CONNECT(10, "the database server cannot be reached"),
    LOGIN(11, "the server refused the login"),
    NO_DATABASE(12, "the database does not exist"),
    PRIVILEGE(13, "the account lacks a privilege"),
    CLIENT(14, "a native client program is missing, too old or set up to do something else"),
    SECRET(15, "an option file or password file cannot be read, or others can read it"),
    UNSUITABLE(16, "the database holds something that cannot be dumped or restored consistently"),
    DUMP_FAILED(17, "the native dump failed or ended early"),
    OUTPUT(18, "the output could not be written"),
    NO_JAVA(19, "no Java of version 17 or newer was found"),
    NOT_A_STREAM(20, "the input is not a stream of bpipe-reader"),
    ABORTED_STREAM(21, "the input is a dump that failed, and says so"),
    TRUNCATED_STREAM(22, "the input ends before its trailer"),
    DAMAGED_STREAM(23, "the input is damaged"),
    UNSUPPORTED_STREAM(24, "the input needs a newer version of this program"),
    WRONG_ENGINE(25, "the input comes from another database engine"),
    INPUT(26, "the input could not be read"),
    TARGET(30, "the target of the restore is refused"),
    LOAD_FAILED(31, "the server refused a part of the stream"),
    CHECK_FAILED(32, "the staged copy is not what the stream promises"),
    SWITCH_FAILED(33, "the staged copy could not be put in the place of the live database"),
    BUSY(34, "somebody else holds the database"),
    SPACE(35, "there is not enough space"),
    DRILL_CHECK(37, "a check of the restore drill was not answered as the profile expects"),
    INTERRUPTED(40, "the run was ended by a signal"),
    NO_RUN(41, "no run of the job is recorded"),
    APPLICATION(45, "the application's configuration cannot be read, or says something that cannot be served"),
    HOOK(46, "a hook failed or did not end in time"),
    SNAPSHOT(48, "a snapshot could not be made, or an application not be brought back from it"),
    INTERNAL(50, "a defect in the program itself");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** The process exit status, 0 to 125. */
    public int code() {
        return code;
    }

    /** One sentence, lower case, without a full stop. */
    public String meaning() {
        return meaning;
    }
}

package io.portcullis.server.observe;

/** Where finished lines go. It tells the operator of its own faults, and throws none of them. Used by one thread. */
interface LineOutlet {
    /** Whether the last attempt failed so shortly ago that another would be too soon. */
    boolean isResting();

    /**
     * Makes ready for the next line, where that can be done ahead: whoever waits for a file finds it.
     *
     * @param lines what will be written first, perhaps from the middle of a line on
     */
    void open(LineBuffer lines);

    /** Writes the lines and empties the buffer. False after a fault: the buffer then holds what was not written. */
    boolean write(LineBuffer lines);

    /** Somebody says that the file is another one now. */
    void reopen(LineBuffer lines);

    /** Gives back what it holds; {@link #open} or {@link #write} take it again. */
    void close();

    /** Why lines may pile up before it, and what to do, for a message. */
    String slowness();
}
